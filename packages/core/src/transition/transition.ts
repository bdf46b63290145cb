import { Cause, Effect, Exit, Option, Result } from "effect"
import type { Campaign } from "../campaign/Campaign.ts"
import { seenState } from "../campaign/stateOf.ts"
import type { Decision } from "../decision/decide.ts"
import {
  type AuditUnavailable,
  type GatewayError,
  RetriesExhausted,
  type TransitionError,
  TransitionRejected
} from "../errors/errors.ts"
import type { AgentCapacity } from "../ports/AgentCapacity.ts"
import type { AuditLog } from "../ports/AuditLog.ts"
import type { CallingWindows } from "../ports/CallingWindows.ts"
import type { CampaignGateway } from "../ports/CampaignGateway.ts"
import { attribute, spans } from "../telemetry/spans.ts"
import { annotate, tracedAlways } from "../telemetry/traced.ts"
import { type Account, accountFor } from "./accountFor.ts"
import { checkDivision, checkLock } from "./admission.ts"
import { closeInterrupted } from "./closeInterrupted.ts"
import { decideFrom } from "./decideFrom.ts"
import { failed, leftInDoubt } from "./failed.ts"
import { type Observation, observe, observeToStop } from "./observe.ts"
import { report } from "./Progress.ts"
import { afterFailure, retryingReads, startRun, waitCauseOf, waitFor } from "./retrying.ts"
import { appendOutcome, makeRun, record, remember, type Run } from "./Run.ts"
import { maySettle, observeSeen } from "./seen.ts"
import { READ_BACK, send } from "./send.ts"
import { startingAhead } from "./startingAhead.ts"
import type { TransitionRequest } from "./TransitionRequest.ts"
import { resultOf, type TransitionResult } from "./TransitionResult.ts"

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
export const transition = tracedAlways(spans.transition.name)(function* (
  request: TransitionRequest
): Effect.fn.Return<TransitionResult, TransitionError, TransitionPorts> {
  yield* annotate(() => ({
    [attribute.campaignId]: request.campaignId,
    [attribute.target]: request.target,
    [attribute.source]: request.source
  }))
  const run = makeRun(yield* startRun, request)
  const result = yield* attempts(run).pipe(
    Effect.onExit(() => closeInterrupted(run)),
    Effect.onExit((exit) => tellEnd(run, exit))
  )
  yield* annotate(() => ({ [attribute.sequence]: result.auditSequence }))
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
    annotate(() => ({
      [attribute.outcome]: outcome,
      [attribute.attempts]: run.attempts
    })),
    report({ _tag: "Ended", target: run.request.target, outcome })
  )
}

const attempts = Effect.fnUntraced(function* (
  run: Run
): Effect.fn.Return<TransitionResult, TransitionError, TransitionPorts> {
  const { capacity, seen: listed, ...request } = run.request
  let seen = listed
  let known = capacity === undefined ? {} : { capacity }
  while (true) {
    const observation = yield* observeAgain(run, seen)
    const facts = { ...request, ...known }
    // What the caller saw and counted holds for one decision.
    const looked = seen
    seen = undefined
    known = {}
    const starts = request.target === "active" && observation.state !== "active"
    const attempt = Effect.gen(function* () {
      const decision = yield* decideFrom(observation, facts, run.clock)
      if (looked !== undefined && !(yield* maySettle(looked, decision))) return undefined
      run.verdicts = decision.verdicts
      if (decision.outcome === "rejected") return yield* rejected(run, observation, decision)
      if (decision.outcome === "already-there")
        return Result.succeed(yield* alreadyThere(run, observation))
      return yield* send(run, observation)
    })
    const sent = yield* startingAhead(starts, attempt)
    if (sent === undefined) continue
    if (Result.isSuccess(sent)) return sent.success
    yield* beforeRetry(run, sent.failure)
  }
})

/** Reads the campaign, unless the caller just saw it. Once an intent is out, a failure here must still give it an outcome. */
const observeAgain: (
  run: Run,
  seen: Campaign | undefined
) => Effect.Effect<Observation, TransitionError, CampaignGateway | AuditLog> = Effect.fnUntraced(
  function* (run, seen) {
    const { campaignId, target } = run.request
    const look = target === "paused" ? observeToStop : observe
    const reading = retryingReads(run.clock, look(campaignId))
    const observing =
      seen === undefined
        ? reading
        : Effect.flatMap(observeSeen(seen, target), (observed) =>
            observed === undefined ? reading : Effect.succeed(observed)
          )
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
      const account = yield* accountForDrift(run, observation)
      if (account === "told") return yield* observeAgain(run, undefined)
      run.state = seenState(observation.campaign.status)
      if (account === "nobody") yield* record(run, { kind: "drift", outcome: null, success: true })
    }
    yield* checkLock(run, observation.campaign)
    return observation
  }
)

/** Whose change it is that the ledger does not know. Where the ledger cannot be read back, a stop goes on without. */
const accountForDrift = (
  { intent, request: { campaignId, target } }: Run,
  { toldIn }: Observation
): Effect.Effect<Account, AuditUnavailable, AuditLog> =>
  Effect.catch(accountFor(campaignId, toldIn, intent?.id), (error) =>
    target === "paused" ? Effect.succeed<Account>("under way") : Effect.fail(error)
  )

const rejected = Effect.fnUntraced(function* (
  run: Run,
  { campaign, state }: Observation,
  { verdicts }: Decision
): Effect.fn.Return<never, TransitionError, AuditLog> {
  const refusal = {
    campaignId: campaign.id,
    campaignName: campaign.name,
    state,
    target: run.request.target,
    verdicts
  }
  if (run.doubt !== undefined)
    return yield* leftInDoubt(run, new TransitionRejected(refusal).message)
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
  return yield* new TransitionRejected({ ...refusal, auditSequence: entry.sequence })
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
    lockAfter: campaign.lock,
    stateAfter: state,
    ...(run.lostReply ? { errorDetails: READ_BACK } : {})
  })
  return yield* resultOf(run, tag, campaign, state, entry, [])
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
  if (run.doubt !== undefined) return yield* failed(run, error)
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
