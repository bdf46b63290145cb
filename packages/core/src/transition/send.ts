import { Effect, Result } from "effect"
import type { Campaign } from "../campaign/Campaign.ts"
import { stateFor } from "../campaign/stateOf.ts"
import {
  type AuditUnavailable,
  GenesysUnavailable,
  type GatewayError,
  type TransitionError
} from "../errors/errors.ts"
import type { AuditLog } from "../ports/AuditLog.ts"
import { CampaignGateway } from "../ports/CampaignGateway.ts"
import { attribute, spans } from "../telemetry/spans.ts"
import { annotate, traced } from "../telemetry/traced.ts"
import { changeOf } from "./changeOf.ts"
import { failed } from "./failed.ts"
import type { Observation } from "./observe.ts"
import { report } from "./Progress.ts"
import { judgedAgoMs, retryingReads, waitCauseOf } from "./retrying.ts"
import { appendOutcome, forgetDoubtOf, record, type Run } from "./Run.ts"
import { shows } from "./shows.ts"
import { resultOf, type TransitionResult } from "./TransitionResult.ts"

/**
 * Milliseconds from the asking what holds a start to its sending. A ledger that is slow to take the
 * intent, or a process that was frozen, takes longer: a halt that was raised meanwhile counts on it that
 * such a start is decided again.
 */
const JUDGED_FOR_MS = 3_000

/**
 * Sends the change once. Succeeds with an error that is worth another try, or with the result; with
 * undefined where nothing was sent, because the decision is too old to start by.
 */
export const send = traced(spans.attempt.name)(function* (
  run: Run,
  { campaign, state }: Observation
): Effect.fn.Return<
  Result.Result<TransitionResult, GatewayError> | undefined,
  TransitionError,
  CampaignGateway | AuditLog
> {
  const gateway = yield* CampaignGateway
  yield* recordIntent(run, campaign)
  const starts = run.request.target === "active" && state !== "active"
  if (starts && (yield* judgedAgoMs(run.clock)) > JUDGED_FOR_MS) return undefined
  run.attempts += 1
  // A doubt that is left is of this same lock: a campaign read under another one has ended it.
  const earlier = run.doubt
  run.doubt = campaign.lock
  yield* annotate(() => ({
    [attribute.attempt]: run.attempts,
    [attribute.lock]: campaign.lock
  }))
  yield* report({ _tag: "Sending", campaign, attempt: run.attempts })
  const reply = yield* Effect.result(gateway.apply(campaign, changeOf(run.request)))
  yield* annotate(() => ({
    [attribute.result]: Result.isSuccess(reply) ? "Applied" : reply.failure._tag
  }))
  if (Result.isSuccess(reply)) {
    const { campaign: after, warnings, wrote } = reply.success
    // Where the ledger's word alone makes the change, nothing was sent after all.
    if (!wrote) run.attempts -= 1
    if (shows(gateway.capabilities, after, run.request.target))
      return Result.succeed(yield* applied(run, after, warnings))
    return yield* readBack(
      run,
      new GenesysUnavailable({
        reason: "malformed-reply",
        detail: `the change was accepted, but the campaign is shown as ${after.status}.`
      }),
      earlier
    )
  }
  const error = reply.failure
  yield* report({ _tag: "AttemptFailed", campaign, attempt: run.attempts, error })
  if (error._tag === "GenesysUnavailable") return yield* readBack(run, error, earlier)
  // Under a lock that is no longer current nothing can land any more; what has landed the next read shows.
  run.doubt = error._tag === "LockConflict" ? undefined : earlier
  return waitCauseOf(error) === undefined ? yield* failed(run, error) : Result.fail(error)
})

/**
 * Reasons for which a write may land even after the campaign was read back: nobody said that the
 * request is over, and Genesys may be at it still.
 */
const UNANSWERED: ReadonlySet<GenesysUnavailable["reason"]> = new Set([
  "timeout",
  "connection-lost"
])

/** Finds out by reading whether a change whose reply was lost was made. */
const readBack = Effect.fnUntraced(function* (
  run: Run,
  lost: GenesysUnavailable,
  earlier: Run["doubt"]
): Effect.fn.Return<
  Result.Result<TransitionResult, GatewayError>,
  TransitionError,
  CampaignGateway | AuditLog
> {
  const gateway = yield* CampaignGateway
  run.lostReply = true
  const seen = yield* Effect.catch(
    retryingReads(run.clock, gateway.get(run.request.campaignId)),
    (error) => failed(run, error)
  )
  const shown = shows(gateway.capabilities, seen, run.request.target)
  yield* report({ _tag: "ReadBack", campaign: seen, shown })
  if (shown) return Result.succeed(yield* applied(run, seen, [], READ_BACK))
  if (!UNANSWERED.has(lost.reason)) run.doubt = earlier
  forgetDoubtOf(run, seen)
  return Result.fail(lost)
})

/**
 * Kept with a change that no reply confirmed: whoever must not take another's change for the run's own
 * can tell it from one that Genesys confirmed.
 */
export const READ_BACK = "The reply was lost; the campaign was read back and shows the change."

const applied = Effect.fnUntraced(function* (
  run: Run,
  campaign: Campaign,
  warnings: ReadonlyArray<string>,
  errorDetails?: string
): Effect.fn.Return<TransitionResult, TransitionError, AuditLog> {
  const state = stateFor(campaign.status, run.request.target)
  const entry = yield* appendOutcome(run, {
    outcome: "applied",
    success: true,
    lockAfter: campaign.lock,
    stateAfter: state,
    ...(errorDetails === undefined ? {} : { errorDetails })
  })
  return yield* resultOf(run, "Applied", campaign, state, entry, warnings)
})

/** Makes the intent durable before the first write; the later attempts of the run act under the same one. */
const recordIntent = Effect.fnUntraced(function* (
  run: Run,
  campaign: Campaign
): Effect.fn.Return<void, AuditUnavailable, AuditLog> {
  if (run.intent !== undefined) return
  const intent = yield* record(run, { kind: "intent", outcome: null, success: false })
  run.intent = intent
  yield* report({ _tag: "IntentRecorded", campaign, sequence: intent.sequence })
}, Effect.uninterruptible)
