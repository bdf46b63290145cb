import {
  Clock,
  Context,
  Effect,
  FiberSet,
  Layer,
  Random,
  Schedule,
  type Scope,
  Semaphore
} from "effect"
import { report } from "@campaignctl/core"
import { type Consequence, Outbox } from "../database/Outbox.ts"
import type { DeliveryRow, KeptSubscription } from "../database/rows.ts"
import { SubscriptionStore } from "../database/SubscriptionStore.ts"
import type { WebhooksUnavailable } from "../domain/errors.ts"
import { Transport } from "../transport/Transport.ts"
import { consequenceOf } from "./consequenceOf.ts"
import { AGAIN_AFTER_MS, AT_ONCE } from "./policy.ts"
import { sendOnce } from "./sendOnce.ts"

/** What is under way to one subscription. */
interface Flight {
  readonly ids: Set<string>
  /** One at a time chooses what is sent. */
  readonly choosing: Semaphore.Semaphore
}

const make: Effect.Effect<
  {
    readonly sendDue: Effect.Effect<void, WebhooksUnavailable>
    readonly idle: Effect.Effect<void>
  },
  never,
  Outbox | SubscriptionStore | Transport | Scope.Scope
> = Effect.gen(function* () {
  const outbox = yield* Outbox
  const subscriptions = yield* SubscriptionStore
  const transport = yield* Transport
  const fibers = yield* FiberSet.make()
  const flights = new Map<string, Flight>()

  const flightOf = (id: string): Flight => {
    const flight = flights.get(id) ?? { ids: new Set(), choosing: Semaphore.makeUnsafe(1) }
    flights.set(id, flight)
    return flight
  }

  /** Tells the tables what came of an attempt, for as long as it takes: it must not be sent again meanwhile. */
  const record = Effect.fnUntraced(function* (
    row: DeliveryRow,
    { subscription }: KeptSubscription,
    { made, retryAfterMs }: Effect.Success<ReturnType<typeof sendOnce>>
  ) {
    const next = consequenceOf({
      made,
      ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
      triesBefore: Number(row.tries),
      giveUpAt: Number(row.give_up_at),
      failingSince: subscription.failingSince,
      random: yield* Random.next
    })
    yield* outbox.record(row, made, next).pipe(
      Effect.tapError(({ message }) => Effect.logWarning(message)),
      Effect.retry({ schedule: retrying })
    )
    yield* report({
      _tag: "MessageSent",
      result: RESULT[next._tag],
      tookMs: made.durationMs
    })
    if (next._tag !== "Delivered" && next.disable !== undefined)
      yield* Effect.logWarning(
        `The webhook subscription ${subscription.id} is disabled: ${next.disable.detail}`
      )
  })

  const send = Effect.fnUntraced(function* (row: DeliveryRow, kept: KeptSubscription) {
    const sent = yield* sendOnce({
      url: kept.subscription.url,
      secrets: kept.secrets,
      eventId: row.event_id,
      body: row.body
    }).pipe(Effect.provideService(Transport, transport))
    yield* record(row, kept, sent)
  })

  /** Begins to send what is due to a subscription, as far as there is room. */
  const sendTo = Effect.fnUntraced(function* (
    id: string
  ): Effect.fn.Return<void, WebhooksUnavailable> {
    const flight = flightOf(id)
    // What was under way when the tables were read may have ended since: they did not know of it.
    const before = new Set(flight.ids)
    if (before.size >= AT_ONCE) return
    const kept = yield* subscriptions
      .get(id)
      .pipe(Effect.catchTag("SubscriptionNotFound", () => Effect.succeed(undefined)))
    if (kept === undefined) return
    const now = yield* Clock.currentTimeMillis
    const due = yield* outbox.due(id, now, AT_ONCE)
    const chosen = due
      .filter((row) => !before.has(row.id))
      .slice(0, Math.max(0, AT_ONCE - flight.ids.size))
    for (const { id } of chosen) flight.ids.add(id)
    yield* Effect.forEach(
      chosen,
      (row) =>
        FiberSet.run(
          fibers,
          send(row, kept).pipe(
            // It stays due: what cannot be sent now must be heard of, and not be tried at once again.
            Effect.catchDefect((defect) =>
              Effect.andThen(
                Effect.logError(`Delivery ${row.id} could not be sent.`, defect),
                Effect.sleep(AGAIN_AFTER_MS)
              )
            ),
            Effect.ensuring(Effect.sync(() => flight.ids.delete(row.id))),
            // The next of its campaign goes at once.
            Effect.andThen(choose(id)),
            Effect.catch(({ message }) => Effect.logWarning(message))
          )
        ),
      { discard: true }
    )
  })

  const choose = (id: string): Effect.Effect<void, WebhooksUnavailable> =>
    flightOf(id).choosing.withPermits(1)(sendTo(id))

  return {
    sendDue: Effect.flatMap(
      Effect.flatMap(Clock.currentTimeMillis, outbox.dueSubscriptions),
      (ids) => Effect.forEach(ids, choose, { discard: true })
    ),
    idle: FiberSet.awaitEmpty(fibers)
  }
})

/** What is measured of each end of an attempt. */
const RESULT = {
  Delivered: "delivered",
  Again: "again",
  Dead: "dead"
} as const satisfies Record<Consequence["_tag"], string>

/** Between two tries to tell the tables. */
const retrying = Schedule.spaced(AGAIN_AFTER_MS)

/** Sends what is due. What it has begun ends with its scope: it is sent again by whoever comes next. */
export class Sender extends Context.Service<Sender, Effect.Success<typeof make>>()(
  "@campaignctl/webhooks/Sender"
) {
  static readonly layer: Layer.Layer<Sender, never, Outbox | SubscriptionStore | Transport> =
    Layer.effect(Sender, make)
}
