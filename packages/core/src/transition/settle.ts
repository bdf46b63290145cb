import { Effect, Result, Schema } from "effect"
import { type Campaign, CampaignId } from "../campaign/Campaign.ts"
import { stateFor } from "../campaign/stateOf.ts"
import type { AuditUnavailable } from "../errors/errors.ts"
import type { AuditEntry, AuditDraft } from "../ledger/AuditEntry.ts"
import { AuditLog } from "../ports/AuditLog.ts"
import { CampaignGateway } from "../ports/CampaignGateway.ts"
import { spans } from "../telemetry/spans.ts"
import { append } from "./append.ts"
import { shows } from "./shows.ts"

/** What became of one intent that an earlier run left without an outcome. */
export interface Settled {
  readonly intent: AuditEntry
  /**
   * `recovered`: the campaign was read, and `success` of the entry says whether the change is there.
   * `unknown`: it was written to since, by us or by others, or is gone, so that nothing can be said.
   * `postponed`: Genesys could not be asked; the next start tries again.
   */
  readonly result: "recovered" | "unknown" | "postponed"
  readonly entry?: AuditEntry
}

/** Campaigns read at once while settling. Few: a crash leaves one open intent for each running change. */
const SETTLE_CONCURRENCY = 4

/**
 * Milliseconds for which a write may still be on its way after its sender has died. A campaign that shows
 * nothing of it is read again after them: what lands late would belie a ledger that says it was not made.
 */
const LANDING_MS = 2_000

type Settling = Effect.Effect<ReadonlyArray<Settled>, AuditUnavailable, CampaignGateway | AuditLog>

const settleGone = (landingMs: number): Settling =>
  Effect.gen(function* () {
    const ledger = yield* AuditLog
    return yield* settleThose(yield* ledger.unsettled, landingMs)
  }).pipe(Effect.withSpan(spans.settle.name))

/**
 * Gives every intent that a run left open its outcome, by reading the campaigns back. Run it at start:
 * it takes a run that ended for one whose writes have landed, and holds up nothing that is to be stopped.
 */
export const settle: Settling = settleGone(0)

/** The same for whoever may ask right after a run has ended, and decides by the answer. */
export const settleLanded: Settling = settleGone(LANDING_MS)

/** Gives these intents their outcome. Only where no run of them is under way any more. */
export const settleThose = Effect.fnUntraced(function* (
  intents: ReadonlyArray<AuditEntry>,
  landingMs: number = LANDING_MS
): Effect.fn.Return<ReadonlyArray<Settled>, AuditUnavailable, CampaignGateway | AuditLog> {
  const first = yield* Effect.forEach(
    intents,
    Effect.fnUntraced(function* (intent) {
      const seen = yield* look(intent)
      return seen._tag === "NotMade" && landingMs > 0 ? undefined : yield* told(intent, seen)
    }),
    { concurrency: SETTLE_CONCURRENCY }
  )
  if (first.includes(undefined)) yield* Effect.sleep(landingMs)
  return yield* Effect.forEach(
    intents.map((intent, place) => ({ intent, settled: first[place] })),
    ({ intent, settled }) =>
      settled === undefined
        ? Effect.flatMap(look(intent), (seen) => told(intent, seen))
        : Effect.succeed(settled),
    { concurrency: SETTLE_CONCURRENCY }
  )
})

/** Records what was seen of a change as its outcome. */
const told = Effect.fnUntraced(function* (
  intent: AuditEntry,
  seen: Seen
): Effect.fn.Return<Settled, AuditUnavailable, AuditLog> {
  if (seen._tag === "Unreadable") return { intent, result: "postponed" }
  const { campaign } = seen
  const made = seen._tag === "Made"
  const result = seen._tag === "Unknown" ? "unknown" : "recovered"
  const entry = yield* append({
    ...draftFrom(intent),
    outcome: result,
    success: made,
    lockAfter: campaign?.lock ?? null,
    ...(made && intent.targetState !== null
      ? { stateAfter: stateFor(seen.campaign.status, intent.targetState) }
      : {}),
    errorCode: ERROR_CODE[seen._tag],
    errorDetails: seen.details
  })
  return { intent, result, entry }
})

/** What reading a campaign back says of a change. */
type Seen =
  | { readonly _tag: "Unreadable" }
  | { readonly _tag: "Made" | "NotMade"; readonly details: string; readonly campaign: Campaign }
  | { readonly _tag: "Unknown"; readonly details: string; readonly campaign?: Campaign }

const ERROR_CODE = { Made: null, NotMade: "NOT_APPLIED", Unknown: "OUTCOME_UNKNOWN" } as const

const look = Effect.fnUntraced(function* (
  intent: AuditEntry
): Effect.fn.Return<Seen, AuditUnavailable, CampaignGateway | AuditLog> {
  const gateway = yield* CampaignGateway
  // The ledger holds what was once a checked id; a foreign one fails the read and is then unknown.
  const read = yield* Schema.decodeUnknownEffect(CampaignId)(intent.campaignId).pipe(
    Effect.flatMap(gateway.get),
    Effect.result
  )
  if (Result.isSuccess(read)) return yield* judged(intent, read.success)
  const gone = read.failure._tag === "CampaignNotFound" || read.failure._tag === "SchemaError"
  return gone
    ? { _tag: "Unknown", details: "The campaign is not there any more." }
    : { _tag: "Unreadable" }
})

const judged = Effect.fnUntraced(function* (
  intent: AuditEntry,
  campaign: Campaign
): Effect.fn.Return<Seen, AuditUnavailable, CampaignGateway | AuditLog> {
  const { capabilities } = yield* CampaignGateway
  const ledger = yield* AuditLog
  const last = (yield* ledger.lastApplied([campaign.id])).get(campaign.id)
  // An old intent must not become the newest word on a campaign that has been changed since.
  if (last !== undefined && last.sequence > intent.sequence)
    return {
      _tag: "Unknown",
      details: `Read back after a crash: entry ${last.sequence} has told of the campaign since.`,
      campaign
    }
  if (intent.targetState !== null && shows(capabilities, campaign, intent.targetState))
    return { _tag: "Made", details: "Read back after a crash: the change is there.", campaign }
  if (campaign.lock === intent.lockBefore)
    return {
      _tag: "NotMade",
      details:
        "Read back after a crash: the campaign was not written to, so the change was not made.",
      campaign
    }
  return {
    _tag: "Unknown",
    details: `Read back after a crash: the campaign was written to since and is ${campaign.status} now.`,
    campaign
  }
})

const draftFrom = (intent: AuditEntry): AuditDraft => ({
  campaignId: intent.campaignId,
  campaignName: intent.campaignName,
  divisionId: intent.divisionId,
  currentState: intent.currentState,
  targetState: intent.targetState,
  pauseReason: intent.pauseReason,
  note: intent.note,
  requestedBy: intent.requestedBy,
  source: intent.source,
  kind: "outcome",
  outcome: null,
  success: false,
  // How many writes the lost run sent is not known; the intent says none yet.
  attempts: intent.attempts,
  latencyMs: 0,
  verdicts: intent.verdicts,
  lockBefore: intent.lockBefore,
  lockAfter: null,
  errorCode: null,
  errorDetails: null,
  traceId: intent.traceId,
  requestId: intent.requestId,
  governanceLevel: intent.governanceLevel,
  intentId: intent.id
})
