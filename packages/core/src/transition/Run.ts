import { Effect } from "effect"
import type { CampaignState } from "../campaign/State.ts"
import type { LockToken } from "../campaign/Campaign.ts"
import { AuditUnavailable } from "../errors/errors.ts"
import type { Verdict } from "../guards/Verdict.ts"
import type { AuditDraft, AuditEntry } from "../ledger/AuditEntry.ts"
import type { AuditLog } from "../ports/AuditLog.ts"
import { append } from "./append.ts"
import type { Observation } from "./observe.ts"
import { elapsedMs, type RunClock } from "./retrying.ts"
import { Settings } from "./Settings.ts"
import type { TransitionRequest } from "./TransitionRequest.ts"

/**
 * The memory of one transition while it runs. One fiber owns it; the finalizer that closes an
 * interrupted run reads it after that fiber has ended.
 */
export interface Run {
  readonly clock: RunClock
  readonly request: TransitionRequest
  /** The durable intent, once there is one. */
  intent: AuditEntry | undefined
  /** Whether the intent has its outcome, or the ledger has refused to take it. */
  closed: boolean
  /** Writes that were sent. */
  attempts: number
  retriesMade: number
  /** The lock under which a write was sent that may have landed, or may still land. */
  doubt: LockToken | undefined
  /** A write was sent at some time whose reply was lost. */
  lostReply: boolean
  /** From the last observation and decision, for the entries. */
  state: CampaignState
  verdicts: ReadonlyArray<Verdict>
  lockBefore: LockToken | null
  campaignName: string
  divisionId: string | null
}

export const makeRun = (clock: RunClock, request: TransitionRequest): Run => ({
  clock,
  request,
  intent: undefined,
  closed: false,
  attempts: 0,
  retriesMade: 0,
  doubt: undefined,
  lostReply: false,
  state: "invalid",
  verdicts: [],
  lockBefore: null,
  campaignName: "",
  divisionId: null
})

/** Takes what was observed into the run. */
export const remember = (run: Run, { campaign, state }: Observation): void => {
  run.state = state
  run.lockBefore = campaign.lock
  run.campaignName = campaign.name
  run.divisionId = campaign.division?.id ?? null
  forgetDoubtOf(run, campaign)
}

/** A write that is on its way cannot land any more once the campaign shows another lock. */
export const forgetDoubtOf = (run: Run, { lock }: Observation["campaign"]): void => {
  if (run.doubt !== lock) run.doubt = undefined
}

/** What differs from one entry of a run to the next. */
export interface EntryPart {
  readonly kind: AuditDraft["kind"]
  readonly outcome: AuditDraft["outcome"]
  readonly success: boolean
  readonly lockAfter?: LockToken
  readonly stateAfter?: CampaignState
  readonly errorCode?: string
  readonly errorDetails?: string
}

/** Appends one entry about the run. */
export const record = Effect.fnUntraced(function* (
  run: Run,
  part: EntryPart
): Effect.fn.Return<AuditEntry, AuditUnavailable, AuditLog> {
  const { governanceLevel } = yield* Settings
  const { request } = run
  const traceId = yield* currentTraceId
  return yield* append({
    campaignId: request.campaignId,
    campaignName: run.campaignName,
    divisionId: run.divisionId,
    currentState: run.state,
    targetState: part.kind === "drift" ? null : request.target,
    pauseReason:
      (part.kind !== "drift" && request.target === "paused" && request.pauseReason) || null,
    note: request.note ?? null,
    requestedBy: request.requestedBy,
    source: request.source,
    kind: part.kind,
    outcome: part.outcome,
    success: part.success,
    attempts: run.attempts,
    latencyMs: yield* elapsedMs(run.clock),
    verdicts: run.verdicts,
    lockBefore: run.lockBefore,
    lockAfter: part.lockAfter ?? null,
    errorCode: part.errorCode ?? null,
    errorDetails: part.errorDetails ?? null,
    traceId,
    requestId: request.requestId ?? null,
    governanceLevel,
    intentId: part.kind === "outcome" ? (run.intent?.id ?? null) : null,
    ...(part.stateAfter === undefined ? {} : { stateAfter: part.stateAfter })
  })
})

/** The trace that the run belongs to, where there is one. */
const currentTraceId: Effect.Effect<string | null> = Effect.withFiber(({ cache: { span } }) =>
  Effect.succeed(span?._tag === "Span" ? span.traceId : null)
)

/**
 * Appends the outcome of the run, whole or not at all, whatever interrupts it. A ledger that does
 * not take it once a change has been sent says so in the error.
 */
export const appendOutcome = (
  run: Run,
  part: Omit<EntryPart, "kind">
): Effect.Effect<AuditEntry, AuditUnavailable, AuditLog> =>
  Effect.suspend(() => {
    run.closed = true
    return record(run, { ...part, kind: "outcome" })
  }).pipe(
    Effect.mapError((error) =>
      run.intent === undefined || !(part.success || run.doubt !== undefined)
        ? error
        : new AuditUnavailable({ detail: error.detail, changeMayHaveHappened: true })
    ),
    Effect.uninterruptible
  )
