import { type AuditDraft, stateFor } from "@campaignctl/core"
import { Effect } from "effect"
import type { HaltRun } from "./HaltRun.ts"
import type { Target } from "./Target.ts"

type Part = Pick<AuditDraft, "kind" | "outcome" | "success"> & Partial<AuditDraft>

const draftOf = (run: HaltRun, target: Target, part: Part): Effect.Effect<AuditDraft> =>
  Effect.map(run.elapsed, (latencyMs) => {
    const { name, note, pauseReason, requestedBy, requestId, source } = run.request
    return {
      campaignId: target.id,
      campaignName: target.name,
      divisionId: target.divisionId,
      currentState: target.state,
      targetState: "paused",
      pauseReason,
      note: note === undefined ? `Halt “${name}”` : `Halt “${name}”: ${note}`,
      requestedBy,
      source,
      attempts: target.attempts,
      latencyMs,
      // A halt decides nothing: no guard was asked.
      verdicts: [],
      lockBefore: target.campaign?.lock ?? null,
      lockAfter: null,
      errorCode: null,
      errorDetails: null,
      traceId: run.traceId,
      requestId,
      governanceLevel: run.governanceLevel,
      intentId: null,
      ...part
    }
  })

/** Writes down that a campaign is going to be stopped, where that is not written yet. */
export const intend = Effect.fnUntraced(function* (run: HaltRun, target: Target) {
  if (target.intent !== undefined) return
  target.attempts = 0
  const draft = yield* draftOf(run, target, { kind: "intent", outcome: null, success: false })
  target.intent = yield* run.trail.write(draft)
}, Effect.uninterruptible)

/** Writes down that somebody else has started a campaign that had stopped. */
export const tellDrift = Effect.fnUntraced(function* (run: HaltRun, target: Target) {
  const draft = yield* draftOf(run, target, {
    kind: "drift",
    outcome: null,
    success: true,
    targetState: null,
    pauseReason: null,
    attempts: 0
  })
  yield* run.trail.write(draft)
})

/** Why a campaign is not known to have stopped. */
export const failureOf = ({ attempts, dialling, doubt, error, gone }: Target) =>
  gone
    ? { errorCode: "CAMPAIGN_NOT_FOUND", errorDetails: "The campaign is not there any more." }
    : !dialling
      ? { errorCode: null, errorDetails: null }
      : {
          errorCode: doubt ? "OUTCOME_UNKNOWN" : (error?.page.code ?? "NOT_APPLIED"),
          errorDetails:
            error?.message ??
            (doubt
              ? "The stop was sent, and nothing was seen of the campaign since."
              : attempts === 0
                ? "The halt ended before a stop was sent."
                : "Genesys accepted the stop, and shows the campaign dialling.")
        }

/** Gives the open intent of a campaign its outcome from what was seen last. */
export const conclude = Effect.fnUntraced(function* (run: HaltRun, target: Target) {
  const { intent } = target
  if (intent === undefined) return
  target.intent = undefined
  const stopped = !target.dialling && !target.gone
  const draft = yield* draftOf(run, target, {
    kind: "outcome",
    outcome: stopped ? "applied" : target.gone || target.doubt ? "unknown" : "failed",
    success: stopped,
    lockAfter: target.campaign?.lock ?? null,
    ...(stopped && target.campaign !== undefined
      ? { stateAfter: stateFor(target.campaign.status, "paused") }
      : {}),
    ...failureOf(target)
  })
  const written = yield* run.trail.settle(intent, draft)
  target.auditSequence = written._tag === "Ledger" ? written.sequence : null
}, Effect.uninterruptible)
