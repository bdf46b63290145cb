import { type AuditDraft, type AuditSource, NO_SINGLE_CAMPAIGN, Settings } from "@campaignctl/core"
import { Effect } from "effect"
import type { HoldRecord } from "./HoldRecord.ts"

/** What an entry about a hold says beside the hold. */
interface Told {
  readonly kind: "halt-raised" | "halt-lifted"
  readonly note: string | null
  readonly requestedBy: string
  readonly source: AuditSource
}

/** The entry about a hold. A hold on one division alone is that division's to read about. */
export const holdDraft = (
  { name, requestId, scope }: Pick<HoldRecord, "name" | "requestId" | "scope">,
  { kind, note, requestedBy, source }: Told
): Effect.Effect<AuditDraft> =>
  Effect.map(Settings, ({ governanceLevel }) => ({
    campaignId: NO_SINGLE_CAMPAIGN,
    campaignName: name,
    divisionId: scope.divisionIds?.length === 1 ? (scope.divisionIds[0] ?? null) : null,
    currentState: null,
    targetState: null,
    pauseReason: null,
    note,
    requestedBy,
    source,
    kind,
    outcome: null,
    success: true,
    attempts: 0,
    latencyMs: 0,
    verdicts: [],
    lockBefore: null,
    lockAfter: null,
    errorCode: null,
    errorDetails: null,
    traceId: null,
    requestId,
    governanceLevel,
    intentId: null,
    holdScope: scope
  }))
