import {
  type AuditDraft,
  type AuditSource,
  NO_SINGLE_CAMPAIGN,
  type RulesChanged,
  Settings
} from "@campaignctl/core"
import { Effect } from "effect"

/** Who changed rules, and the one division that the rules are about; null where it is not one alone. */
export interface ChangedBy {
  readonly requestedBy: string
  readonly source: AuditSource
  readonly divisionId: string | null
}

/** The entry about a change of schedules, or of campaigns' own windows and minimums of agents. */
export const rulesDraft = Effect.fnUntraced(function* (
  rules: RulesChanged,
  { divisionId, requestedBy, source }: ChangedBy
): Effect.fn.Return<AuditDraft> {
  const { governanceLevel } = yield* Settings
  const name = rules.name.toWellFormed()
  return {
    campaignId: NO_SINGLE_CAMPAIGN,
    campaignName: name,
    divisionId,
    currentState: null,
    targetState: null,
    pauseReason: null,
    note: null,
    requestedBy,
    source,
    kind: "rules-changed",
    outcome: null,
    success: true,
    attempts: 0,
    latencyMs: 0,
    verdicts: [],
    lockBefore: null,
    lockAfter: null,
    errorCode: null,
    errorDetails: null,
    traceId: yield* Effect.match(Effect.currentSpan, {
      onSuccess: ({ traceId }) => traceId,
      onFailure: () => null
    }),
    requestId: null,
    governanceLevel,
    intentId: null,
    rules: { ...rules, name }
  }
})
