import {
  type AuditLog,
  AuditUnavailable,
  budgetClasses,
  CampaignGateway,
  type CampaignId,
  CampaignNotFound,
  CurrentBudgetClass,
  type GatewayError,
  isInDivisions,
  type NamedRequest,
  OutcomeUnknown,
  resumeTransition,
  retryingReads,
  startRun,
  transition,
  TransitionError,
  type TransitionPorts,
  TransitionRequest,
  TransitionResult
} from "@campaignctl/core"
import { Cause, Effect, Latch, Layer, Schedule, Schema, Semaphore, Tracer } from "effect"
import { ClusterSchema, Entity, Sharding } from "effect/cluster"
import { Rpc } from "effect/rpc"
import { admitted } from "../fleet/admitted.ts"
import { Transitions } from "../ports/Transitions.ts"
import { givingWay } from "./givingWay.ts"
import { SHARD_GROUPS } from "./intervals.ts"
import { unlessLedgerGone } from "./unlessLedgerGone.ts"

/** Change one campaign. */
const Change = Rpc.make("Change", {
  payload: {
    request: TransitionRequest,
    /** Whether the request may have been run before. */
    again: Schema.Boolean,
    /** The class that the caller's requests to Genesys are admitted under; the owner sends them. */
    budgetClass: Schema.Literals(budgetClasses),
    /** The caller's span, so that the change is a part of its trace wherever it is made. */
    trace: Schema.optionalKey(
      Schema.Struct({ traceId: Schema.String, spanId: Schema.String, sampled: Schema.Boolean })
    )
  },
  success: TransitionResult,
  error: TransitionError
})

/**
 * The one writer of a campaign. Every transition of every process of the cluster goes through the
 * entity of its campaign, which lives on one process at a time and takes one request after the other.
 *
 * That is for order and for saved conflicts, not for safety. A process that was stalled for longer than
 * its lease, and comes back while another has taken its campaigns over, may still send a write that it
 * had decided on. Genesys' lock token is the fence: the write of the new owner has used the token up,
 * or the stalled one's write, if it lands first, uses it up for the new owner, who then reads again.
 *
 * The requests are not stored: what a change leaves behind is in the ledger, and a request whose reply
 * was lost is asked for again by its id, from there.
 */
const CampaignWriter = Entity.make("Campaign", [Change]).annotate(
  ClusterSchema.ShardGroup,
  () => SHARD_GROUPS.campaigns
)

/** Milliseconds between tries to reach the owner of a campaign, and tries, for a takeover's duration twice. */
const REACH_MS = 250
const REACH_TRIES = 80

/** How the requests are served. */
export interface WriterOptions {
  /**
   * Whether a request may reach its owner twice, as where its first owner died or the connection broke:
   * the ledger is then asked first. One indexed read on each request.
   */
  readonly mayComeTwice: boolean
}

/** Serves the campaigns that this process owns. */
export const layerCampaignWriter = ({
  mayComeTwice
}: WriterOptions): Layer.Layer<never, never, Sharding.Sharding | TransitionPorts> =>
  Layer.unwrap(
    Effect.gen(function* () {
      const ports = yield* Effect.context<TransitionPorts>()
      const open = yield* leftOpen
      return CampaignWriter.toLayer(
        Effect.map(takingTurns, (inTurn) => ({
          Change: ({ payload: { again, budgetClass, request, trace } }) =>
            open(
              request,
              admitted(request, (asked) =>
                isNamed(asked) && (again || mayComeTwice)
                  ? resumeTransition(asked, { settleOpen: open.holds(asked) })
                  : transition(asked)
              )
            ).pipe(
              within(trace),
              inTurn(request),
              // What was begun may have taken the campaign out of the caller's divisions.
              (change) =>
                again ? change : Effect.andThen(within(trace)(mayTouch(request)), change),
              Effect.provide(ports),
              Effect.provideService(CurrentBudgetClass, budgetClass)
            )
        })),
        // A defect is answered to whoever asked, and is no reason to serve nobody.
        { disableFatalDefects: true, concurrency: "unbounded" }
      )
    })
  )

/**
 * Fails where the campaign is in none of the caller's divisions. Before its turn comes: whoever may not
 * touch a campaign must end no start by asking for a stop, nor learn by waiting that somebody is at it.
 */
const mayTouch = Effect.fnUntraced(function* ({
  campaignId,
  divisionIds,
  seen
}: TransitionRequest): Effect.fn.Return<void, GatewayError, CampaignGateway> {
  if (divisionIds === undefined) return
  const { get } = yield* CampaignGateway
  const campaign = seen ?? (yield* retryingReads(yield* startRun, get(campaignId)))
  if (!isInDivisions(divisionIds, campaign)) return yield* new CampaignNotFound({ campaignId })
})

/**
 * One change of the campaign after the other, in the order in which they came; but a stop waits for no
 * start. A start that is under way, which may wait for minutes, is ended for it, settled in the ledger,
 * unless its write is on its way, which takes seconds at most and is waited for; and starts that came before the stop are not begun: the stop is the later word.
 */
const takingTurns = Effect.gen(function* () {
  const turns = yield* Semaphore.make(1)
  const giveWay = yield* Latch.make(false)
  let stops = 0
  return ({ campaignId, target }: TransitionRequest) =>
    <R>(
      change: Effect.Effect<TransitionResult, TransitionError, R>
    ): Effect.Effect<TransitionResult, TransitionError, R> => {
      if (target === "active") return turns.withPermits(1)(givingWay(giveWay, campaignId, change))
      return Effect.acquireUseRelease(
        Effect.sync(() => {
          stops += 1
          giveWay.openUnsafe()
        }),
        () => turns.withPermits(1)(change),
        () =>
          Effect.sync(() => {
            stops -= 1
            if (stops === 0) giveWay.closeUnsafe()
          })
      )
    }
})

/** The engine's own spans are nobody's concern; the change's are the caller's. */
const within =
  (trace: Parameters<typeof Tracer.externalSpan>[0] | undefined) =>
  <A, E, R>(change: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> => {
    const traced = Effect.withTracerEnabled(change, true)
    return trace === undefined
      ? traced
      : // The parent goes out of the requirements, which a generic R cannot show.
        (Effect.withParentSpan(traced, Tracer.externalSpan(trace)) as Effect.Effect<A, E, R>)
  }

const callersTrace = Effect.withFiber((fiber) => {
  const { span } = fiber.cache
  return Effect.succeed(
    span === undefined || !fiber.cache.tracerEnabled
      ? {}
      : { trace: { traceId: span.traceId, spanId: span.spanId, sampled: span.sampled } }
  )
})

const isNamed = (request: TransitionRequest): request is NamedRequest =>
  request.requestId !== undefined

/**
 * Remembers the requests whose outcome this process could not record. Nobody else settles their
 * intents while it lives; the next request of the same id does, because within the one writer it knows
 * that no run of it is under way.
 */
const leftOpen = Effect.sync(() => {
  const requests = new Set<string>()
  const watch = <R>(
    { requestId }: TransitionRequest,
    run: Effect.Effect<TransitionResult, TransitionError, R>
  ): Effect.Effect<TransitionResult, TransitionError, R> =>
    requestId === undefined
      ? run
      : run.pipe(
          Effect.tap(() => Effect.sync(() => void requests.delete(requestId))),
          Effect.tapError((error) =>
            Effect.sync(() => {
              if (error._tag !== "AuditUnavailable") requests.delete(requestId)
              else if (error.changeMayHaveHappened) requests.add(requestId)
            })
          )
        )
  return Object.assign(watch, {
    holds: ({ requestId }: TransitionRequest): boolean =>
      requestId !== undefined && requests.has(requestId)
  })
})

/** Transitions through the one writer of each campaign, wherever in the cluster it is. */
export const layerThroughWriter: Layer.Layer<Transitions, never, Sharding.Sharding | AuditLog> =
  Layer.effect(
    Transitions,
    Effect.gen(function* () {
      const unlessGone = yield* unlessLedgerGone
      const writerOf = yield* CampaignWriter.client
      const { isShutdown } = yield* Sharding.Sharding
      const send = (request: TransitionRequest, again: boolean) =>
        Effect.gen(function* () {
          const budgetClass = yield* CurrentBudgetClass
          const trace = yield* callersTrace
          return yield* Effect.withTracerEnabled(
            writerOf(request.campaignId).Change({ request, again, budgetClass, ...trace }),
            false
          )
        }).pipe(
          // Not the caller's own interruption, which nothing here would see: the owner's, which lost the
          // campaign, as where it could not renew its lease. The caller is not to be ended with it.
          Effect.catchCause((cause) =>
            Effect.flatMap(isShutdown, (ends) =>
              Effect.failCause<Cause.Cause.Error<typeof cause> | TransitionError>(
                ends || !Cause.hasInterruptsOnly(cause)
                  ? cause
                  : Cause.fail(notReached(request, "it lost the campaign meanwhile"))
              )
            )
          )
        )
      const ask = (request: TransitionRequest, again: boolean) =>
        send(request, again).pipe(
          Effect.catch((error) =>
            isOfCluster(error)
              ? // It may have reached its owner and been done: from here on the ledger is asked first.
                Effect.retry(send(request, true), {
                  while: isOfCluster,
                  schedule: Schedule.spaced(REACH_MS),
                  times: REACH_TRIES
                })
              : Effect.fail(error)
          ),
          Effect.mapError((error) => (isOfCluster(error) ? notReached(request, error._tag) : error))
        )
      return {
        run: (request: TransitionRequest) => unlessGone(request, ask(request, false)),
        resume: (request: NamedRequest) => unlessGone(request, ask(request, true))
      }
    })
  )

const CLUSTER_ERRORS: ReadonlySet<string> = new Set([
  "MailboxFull",
  "AlreadyProcessingMessage",
  "PersistenceError",
  "EntityNotAssignedToRunner"
])

interface ClusterError {
  readonly _tag:
    | "MailboxFull"
    | "AlreadyProcessingMessage"
    | "PersistenceError"
    | "EntityNotAssignedToRunner"
}

const isOfCluster = <E extends { readonly _tag: string }>(
  error: E
): error is Extract<E, ClusterError> => CLUSTER_ERRORS.has(error._tag)

const notReached = (
  { campaignId, requestId, target }: TransitionRequest & { readonly campaignId: CampaignId },
  why: string
): TransitionError =>
  requestId === undefined
    ? new OutcomeUnknown({
        campaignId,
        target,
        detail: `the process that writes to the campaign could not be reached (${why}).`
      })
    : new AuditUnavailable({
        detail: `The process that writes to the campaign could not be reached (${why}).`,
        changeMayHaveHappened: true
      })
