import type { AuditLog, AuditUnavailable, Ids } from "@campaignctl/core"
import { Clock, Effect, Layer, References } from "effect"
import type { SqlClient } from "effect/sql"
import type { AllowList } from "../address/AllowList.ts"
import { resolverLive } from "../address/Resolver.ts"
import { Outbox } from "../database/Outbox.ts"
import { SubscriptionStore } from "../database/SubscriptionStore.ts"
import type { WebhooksUnavailable } from "../domain/errors.ts"
import { httpTransport } from "../transport/httpTransport.ts"
import type { Transport } from "../transport/Transport.ts"
import { auditEnds } from "./auditEnds.ts"
import { planNext } from "./planned.ts"
import {
  AGAIN_AFTER_MS,
  DELIVERED_KEPT_MS,
  FORGET_AT_ONCE,
  FORGET_EVERY_MS,
  LOOK_EVERY_MS
} from "./policy.ts"
import { Sender } from "./Sender.ts"

/** What a deliverer stands on. */
export type DeliverPorts = SqlClient.SqlClient | AuditLog | Ids

type Unavailable = WebhooksUnavailable | AuditUnavailable
type Inside = AuditLog | Ids | Outbox | SubscriptionStore | Sender

/** Reads on in the ledger as far as it goes, and begins to send what is due. */
export const look: Effect.Effect<void, Unavailable, Inside> = Effect.gen(function* () {
  const { sendDue } = yield* Sender
  let more = true
  while (more) {
    more = (yield* planNext()).more
    yield* sendDue
  }
})

/** Forgets what was delivered long ago, and the secrets that are not used any more. */
export const forget: Effect.Effect<void, Unavailable, Outbox | SubscriptionStore> = Effect.gen(
  function* () {
    const now = yield* Clock.currentTimeMillis
    yield* (yield* SubscriptionStore).forgetSecrets(now)
    const { prune } = yield* Outbox
    while ((yield* prune(now - DELIVERED_KEPT_MS, FORGET_AT_ONCE)) >= FORGET_AT_ONCE)
      yield* Effect.yieldNow
  }
)

/** Does something again and again; storage that fails is told of and tried again. */
const always = <R>(every: number, work: Effect.Effect<void, Unavailable, R>) =>
  Effect.as(work, every).pipe(
    Effect.catch(({ message }) => Effect.as(Effect.logWarning(message), AGAIN_AFTER_MS)),
    Effect.flatMap(Effect.sleep),
    Effect.forever
  )

const auditing = Effect.suspend(() => {
  let afterCrash = true
  return always(
    LOOK_EVERY_MS,
    Effect.gen(function* () {
      while (yield* auditEnds(afterCrash)) yield* Effect.yieldNow
      afterCrash = false
    }).pipe(
      Effect.tapError(() =>
        Effect.sync(() => {
          afterCrash = true
        })
      )
    )
  )
})

const loops: Effect.Effect<never, never, Inside> = Effect.raceFirst(
  Effect.raceFirst(always(LOOK_EVERY_MS, look), auditing),
  always(FORGET_EVERY_MS, forget)
)

const inside: Layer.Layer<
  Outbox | SubscriptionStore | Sender,
  WebhooksUnavailable,
  SqlClient.SqlClient | Transport
> = Layer.provideMerge(Sender.layer, Layer.merge(Outbox.layer, SubscriptionStore.layer))

/** As `deliver`, over any transport. */
export const deliverOver: Effect.Effect<never, never, DeliverPorts | Transport> = loops.pipe(
  Effect.provide(inside, { local: true }),
  Effect.catchCause((cause) =>
    Effect.andThen(
      Effect.logError("Webhooks could not be delivered; it is tried again.", cause),
      Effect.sleep(AGAIN_AFTER_MS)
    )
  ),
  Effect.forever,
  // Its polls and statements are no spans.
  Effect.provideService(References.TracerEnabled, false)
)

/** How messages are delivered. */
export interface DeliverOptions {
  /** Receivers that may be reached although they are not public; none unless named. */
  readonly allow?: AllowList
}

/**
 * Delivers what the ledger records to the subscriptions that wish to be told, for as long as it runs.
 * To be run once in a cluster. It goes on by itself after every trouble with its storage, and whoever
 * runs it after a crash goes on where that ended.
 */
export const deliver = (options: DeliverOptions = {}): Effect.Effect<never, never, DeliverPorts> =>
  Effect.provide(deliverOver, Layer.provide(httpTransport(options), resolverLive))
