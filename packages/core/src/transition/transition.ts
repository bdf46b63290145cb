import { Cause, Effect, Exit, Option, Result } from "effect"
import type { Campaign, LockToken } from "../campaign/Campaign.ts"
import { seenState, stateOf } from "../campaign/stateOf.ts"
import type { CampaignState, TargetState } from "../campaign/State.ts"
import type { Decision } from "../decision/decide.ts"
import {
  type AuditUnavailable,
  GenesysUnavailable,
  type GatewayError,
  RetriesExhausted,
  type TransitionError,
  TransitionRejected
} from "../errors/errors.ts"
import type { Verdict } from "../guards/Verdict.ts"
import type { AuditEntry } from "../ledger/AuditEntry.ts"
import type { AgentCapacity } from "../ports/AgentCapacity.ts"
import type { AuditLog } from "../ports/AuditLog.ts"
import type { CallingWindows } from "../ports/CallingWindows.ts"
import { CampaignGateway } from "../ports/CampaignGateway.ts"
import { attribute, spans } from "../telemetry/spans.ts"
import { checkDivision, checkLock } from "./admission.ts"
import { changeOf } from "./changeOf.ts"
import { closeInterrupted } from "./closeInterrupted.ts"
import { decideFrom } from "./decideFrom.ts"
import { failed } from "./failed.ts"
import { type Observation, observe } from "./observe.ts"
import { report } from "./Progress.ts"
import {
  afterFailure,
  elapsedMs,
  retryingReads,
  startRun,
  waitCauseOf,
  waitFor
} from "./retrying.ts"
import { appendOutcome, makeRun, record, remember, type Run } from "./Run.ts"
import { shows } from "./shows.ts"
import type { TransitionRequest } from "./TransitionRequest.ts"

/** What came of a transition that ended well. */
export interface TransitionResult {
  /** `AlreadyThere` where nothing had to be written. */
  readonly _tag: "Applied" | "AlreadyThere"
  readonly campaign: Campaign
  readonly from: CampaignState
  /** The state now; `draining` after a pause whose calls still run. */
  readonly state: CampaignState
  readonly target: TargetState
  readonly verdicts: ReadonlyArray<Verdict>
  readonly warnings: ReadonlyArray<string>
  /** Changes that were sent to Genesys. */
  readonly attempts: number
  /** Milliseconds from the request to the recorded outcome. */
  readonly latencyMs: number
  readonly lockBefore: LockToken
  readonly lockAfter: LockToken
  /** The ledger sequence of the outcome. */
  readonly auditSequence: number
}

/** What a transition needs. */
export type TransitionPorts = CampaignGateway | AgentCapacity | CallingWindows | AuditLog

/**
 * Brings one campaign to a state: decides, records the intent, writes under the lock, confirms,
 * records the outcome.
 *
 * Each attempt reads the campaign and decides from what is there then; a conflict or a wait never
 * carries an old decision over. A lost reply is settled by reading back. Interrupting it settles
 * the ledger before it ends.
 */
export const transition = Effect.fn(spans.transition.name)(function* (
  request: TransitionRequest
): Effect.fn.Return<TransitionResult, TransitionError, TransitionPorts> {
  yield* Effect.annotateCurrentSpan({
    [attribute.campaignId]: request.campaignId,
    [attribute.target]: request.target,
    [attribute.source]: request.source
  })
  const run = makeRun(yield* startRun, request)
  const result = yield* attempts(run).pipe(
    Effect.onExit(() => closeInterrupted(run)),
    Effect.onExit((exit) => tellEnd(run, exit))
  )
  yield* Effect.annotateCurrentSpan(attribute.sequence, result.auditSequence)
  return result
})

const tellEnd = (
  run: Run,
  exit: Exit.Exit<TransitionResult, TransitionError>
): Effect.Effect<void> => {
  const outcome = Exit.isSuccess(exit)
    ? exit.value._tag
    : Option.match(Cause.findErrorOption(exit.cause), {
        onSome: ({ _tag }) => _tag,
        onNone: () => "Interrupted"
      })
  return Effect.andThen(
    Effect.annotateCurrentSpan({
      [attribute.outcome]: outcome,
      [attribute.attempts]: run.attempts
    }),
    report({ _tag: "Ended", target: run.request.target, outcome })
  )
}

const attempts = Effect.fnUntraced(function* (
  run: Run
): Effect.fn.Return<TransitionResult, TransitionError, TransitionPorts> {
  const { request } = run
  while (true) {
    const observation = yield* observeAgain(run)
    const decision = yield* decideFrom(observation, request, run.clock)
    run.verdicts = decision.verdicts
    if (decision.outcome === "rejected") return yield* rejected(run, observation, decision)
    if (decision.outcome === "already-there") return yield* alreadyThere(run, observation)
    const sent = yield* send(run, observation)
    if (Result.isSuccess(sent)) return sent.success
    yield* beforeRetry(run, sent.failure)
  }
})

/** Reads the campaign. Once an intent is out, a failure here must still give it an outcome. */
const observeAgain = Effect.fnUntraced(function* (
  run: Run
): Effect.fn.Return<Observation, TransitionError, CampaignGateway | AuditLog> {
  const observing = retryingReads(run.clock, observe(run.request.campaignId))
  const observation = yield* run.intent === undefined
    ? observing
    : Effect.catch(observing, (error) =>
        error._tag === "AuditUnavailable" ? Effect.fail(error) : failed(run, error)
      )
  yield* checkDivision(run, observation.campaign)
  remember(run, observation)
  yield* report({ _tag: "Observed", campaign: observation.campaign, state: observation.state })
  // After a lost reply, what looks like somebody else's change may be our own.
  if (observation.drifted && !run.lostReply) {
    run.state = seenState(observation.campaign.status)
    yield* record(run, { kind: "drift", outcome: null, success: true })
  }
  yield* checkLock(run, observation.campaign)
  return observation
})

const rejected = Effect.fnUntraced(function* (
  run: Run,
  { campaign, state }: Observation,
  { verdicts }: Decision
): Effect.fn.Return<never, TransitionError, AuditLog> {
  const entry =
    run.intent === undefined
      ? yield* record(run, {
          kind: "rejection",
          outcome: "rejected",
          success: false,
          errorCode: "TRANSITION_REJECTED"
        })
      : yield* appendOutcome(run, {
          outcome: "rejected",
          success: false,
          errorCode: "TRANSITION_REJECTED"
        })
  return yield* new TransitionRejected({
    campaignId: campaign.id,
    campaignName: campaign.name,
    state,
    target: run.request.target,
    verdicts,
    auditSequence: entry.sequence
  })
})

const alreadyThere = Effect.fnUntraced(function* (
  run: Run,
  { campaign, state }: Observation
): Effect.fn.Return<TransitionResult, TransitionError, AuditLog> {
  // With a lost reply behind us the change that we see is taken to be our own.
  const tag = run.lostReply ? "Applied" : "AlreadyThere"
  const entry = yield* appendOutcome(run, {
    outcome: run.lostReply ? "applied" : "already-there",
    success: true,
    lockAfter: campaign.lock
  })
  return yield* resultOf(run, tag, campaign, state, entry, [])
})

/** Sends the change once. Succeeds with an error that is worth another try, or with the result. */
const send = Effect.fn(spans.attempt.name)(function* (
  run: Run,
  { campaign }: Observation
): Effect.fn.Return<
  Result.Result<TransitionResult, GatewayError>,
  TransitionError,
  TransitionPorts
> {
  const gateway = yield* CampaignGateway
  yield* recordIntent(run, campaign)
  run.attempts += 1
  run.uncertain = true
  yield* Effect.annotateCurrentSpan({
    [attribute.attempt]: run.attempts,
    [attribute.lock]: campaign.lock
  })
  yield* report({ _tag: "Sending", campaign, attempt: run.attempts })
  const reply = yield* Effect.result(gateway.apply(campaign, changeOf(run.request)))
  yield* Effect.annotateCurrentSpan(
    attribute.result,
    Result.isSuccess(reply) ? "Applied" : reply.failure._tag
  )
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
      })
    )
  }
  const error = reply.failure
  yield* report({ _tag: "AttemptFailed", campaign, attempt: run.attempts, error })
  if (error._tag === "GenesysUnavailable") return yield* readBack(run, error)
  run.uncertain = false
  return waitCauseOf(error) === undefined ? yield* failed(run, error) : Result.fail(error)
})

/** Finds out by reading whether a change whose reply was lost was made. */
const readBack = Effect.fnUntraced(function* (
  run: Run,
  lost: GenesysUnavailable
): Effect.fn.Return<
  Result.Result<TransitionResult, GatewayError>,
  TransitionError,
  TransitionPorts
> {
  const gateway = yield* CampaignGateway
  run.lostReply = true
  const seen = yield* Effect.catch(
    retryingReads(run.clock, gateway.get(run.request.campaignId)),
    (error) => failed(run, error)
  )
  const shown = shows(gateway.capabilities, seen, run.request.target)
  yield* report({ _tag: "ReadBack", campaign: seen, shown })
  if (shown) return Result.succeed(yield* applied(run, seen, []))
  run.uncertain = false
  return Result.fail(lost)
})

const applied = Effect.fnUntraced(function* (
  run: Run,
  campaign: Campaign,
  warnings: ReadonlyArray<string>
): Effect.fn.Return<TransitionResult, TransitionError, AuditLog> {
  const { target } = run.request
  const entry = yield* appendOutcome(run, {
    outcome: "applied",
    success: true,
    lockAfter: campaign.lock
  })
  const state = stateOf(campaign.status, { target, sequence: entry.sequence })
  return yield* resultOf(run, "Applied", campaign, state, entry, warnings)
})

/** Waits as the policy says, or ends the run when it says no more. */
const beforeRetry = Effect.fnUntraced(function* (
  run: Run,
  error: GatewayError
): Effect.fn.Return<void, TransitionError, AuditLog> {
  const next = yield* afterFailure(run.clock, error, run.retriesMade)
  if (next._tag === "Wait") {
    run.retriesMade += 1
    return yield* waitFor(waitCauseOf(error) ?? "unavailable", next.delayMs)
  }
  const { code } = error.page
  const entry = yield* appendOutcome(run, {
    outcome: "failed",
    success: false,
    errorCode: "RETRIES_EXHAUSTED",
    errorDetails: `${code}: ${error.message}`
  })
  return yield* new RetriesExhausted({
    campaignId: run.request.campaignId,
    attempts: run.attempts,
    because: next.because,
    lastCode: code,
    lastMessage: error.message,
    auditSequence: entry.sequence,
    ...("retryAfterMs" in error && error.retryAfterMs !== undefined
      ? { retryAfterMs: error.retryAfterMs }
      : {})
  })
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

const resultOf = (
  run: Run,
  tag: TransitionResult["_tag"],
  campaign: Campaign,
  state: CampaignState,
  entry: AuditEntry,
  warnings: ReadonlyArray<string>
): Effect.Effect<TransitionResult> =>
  Effect.map(elapsedMs(run.clock), (latencyMs) => ({
    _tag: tag,
    campaign,
    from: run.state,
    state,
    target: run.request.target,
    verdicts: run.verdicts,
    warnings,
    attempts: run.attempts,
    latencyMs,
    lockBefore: run.lockBefore ?? campaign.lock,
    lockAfter: campaign.lock,
    auditSequence: entry.sequence
  }))
