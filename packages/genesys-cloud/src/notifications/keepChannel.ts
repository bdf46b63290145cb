import type { CampaignId } from "@campaignctl/core"
import { Clock, Deferred, Effect, Exit, Queue, Random, Result, Scope } from "effect"
import { channelSurvives, pauseAfter } from "./afterFailure.ts"
import { connect, type Connection } from "./Connection.ts"
import { RENEWED_FROM, RENEWED_UNTIL, STEADY_MS } from "./limits.ts"
import { type Keeping, loseAll, settle, type Slot } from "./Slot.ts"
import { SocketRefused } from "./Socket.ts"

/** A connection that was subscribed, and what it lives in. */
interface Live extends Connection {
  readonly scope: Scope.Closeable
  subscribed: ReadonlySet<CampaignId>
  /** Epoch milliseconds at which another channel takes its place. */
  readonly renewAt: number
  /** Epoch milliseconds at which a change of the subscriptions that failed is tried again. */
  retryAt: number | undefined
}

/** What a connection that stands has to do next. */
type Turn = "come back" | "move" | "subscribe"

/** Hears of the slot's campaigns, whatever breaks, until it is interrupted. */
export const keepChannel = Effect.fnUntraced(function* (
  slot: Slot,
  keeping: Keeping
): Effect.fn.Return<never, never, Scope.Scope> {
  const scope = yield* Effect.scope
  let current: Live | undefined
  let failures = 0

  const attempt = (inner: Scope.Closeable) =>
    Effect.gen(function* () {
      const channel = slot.channel ?? (yield* keeping.requests.create)
      slot.channel = channel
      // Before it is subscribed to: what is told while nobody is connected is lost.
      const connection = yield* connect(keeping.open, channel, keeping.hear)
      const subscribed = slot.wanted
      const accepted = yield* Effect.raceFirst(
        keeping.requests.subscribe(channel, subscribed),
        Effect.andThen(
          Deferred.await(connection.ended),
          Effect.fail(
            new SocketRefused({
              why: "it ended before anything was subscribed to",
              ofChannel: true
            })
          )
        )
      )
      const part = yield* Random.nextBetween(RENEWED_FROM, RENEWED_UNTIL)
      const renewAt = connection.since + channel.livesMs * part
      const live: Live = { ...connection, scope: inner, subscribed, renewAt, retryAt: undefined }
      return { live, accepted }
    }).pipe(Scope.provide(inner))

  /** Tries until a connection is subscribed. Another that still stands goes on being heard meanwhile. */
  const bringUp = Effect.gen(function* () {
    for (;;) {
      const now = yield* Clock.currentTimeMillis
      if (slot.channel !== undefined && slot.channel.expiresAt <= now) slot.channel = undefined
      const inner = yield* Scope.fork(scope)
      const result = yield* Effect.result(attempt(inner))
      if (Result.isSuccess(result)) {
        const { accepted, live } = result.success
        current = live
        yield* settle(slot, keeping, live.subscribed, accepted, true)
        yield* Deferred.await(live.ended).pipe(
          Effect.map((why) => {
            if (current === live) loseAll(slot, keeping, why)
          }),
          Effect.forkIn(inner, { startImmediately: true })
        )
        yield* keeping.recovered
        return live
      }
      yield* Scope.close(inner, Exit.void)
      failures += 1
      yield* keeping.failed(result.failure, slot.channel)
      if (!channelSurvives(result.failure)) slot.channel = undefined
      yield* Effect.sleep(yield* pauseAfter(failures, result.failure))
    }
  })

  const subscribeAnew = Effect.fnUntraced(function* (live: Live): Effect.fn.Return<boolean> {
    const asked = slot.wanted
    const result = yield* Effect.raceFirst(
      Effect.result(keeping.requests.subscribe(live.channel, asked)),
      Effect.as(Deferred.await(live.ended), undefined)
    )
    if (result === undefined) return true
    if (Result.isSuccess(result)) {
      live.subscribed = asked
      live.retryAt = undefined
      yield* settle(slot, keeping, asked, result.success, false)
      yield* keeping.recovered
      return true
    }
    failures += 1
    yield* keeping.failed(result.failure, live.channel)
    const now = yield* Clock.currentTimeMillis
    live.retryAt = now + (yield* pauseAfter(failures, result.failure))
    return channelSurvives(result.failure)
  })

  let live = yield* bringUp
  for (;;) {
    const turn = yield* nextTurn(slot, live)
    // A channel that would not be changed is replaced by one that is asked for everything.
    if (turn === "subscribe" && (yield* subscribeAnew(live))) continue
    const old = live
    const stood = (yield* Clock.currentTimeMillis) - old.since
    failures = stood < STEADY_MS ? failures + 1 : 0
    if (turn === "come back") yield* Scope.close(old.scope, Exit.void)
    else slot.channel = undefined
    yield* Effect.sleep(yield* pauseAfter(failures, undefined))
    live = yield* bringUp
    yield* Scope.close(old.scope, Exit.void)
  }
})

/** What the connection has to do next, once there is something to do. */
const nextTurn = Effect.fnUntraced(function* (slot: Slot, live: Live): Effect.fn.Return<Turn> {
  for (;;) {
    if (Deferred.isDoneUnsafe(live.ended)) return "come back"
    if (slot.wanted === live.subscribed) live.retryAt = undefined
    else if (live.retryAt === undefined) return "subscribe"
    const now = yield* Clock.currentTimeMillis
    const turn = yield* Effect.raceAllFirst([
      Effect.as(Deferred.await(live.ended), "come back" as const),
      Effect.as(Deferred.await(live.warned), "move" as const),
      Effect.as(Effect.sleep(Math.max(0, live.renewAt - now)), "move" as const),
      live.retryAt === undefined
        ? Effect.as(Queue.take(slot.changed), undefined)
        : Effect.as(Effect.sleep(Math.max(0, live.retryAt - now)), "subscribe" as const)
    ])
    if (turn !== undefined) return turn
  }
})
