import { type AuditLog, Ids, RequestInvalid, withWrittenIds } from "@campaignctl/core"
import { Clock, Effect, Layer, Redacted } from "effect"
import type { SqlClient } from "effect/sql"
import { type AllowList, allowNone } from "../address/AllowList.ts"
import { type Resolver, resolverLive } from "../address/Resolver.ts"
import { DeliveryStore } from "../database/DeliveryStore.ts"
import { Outbox } from "../database/Outbox.ts"
import type { KeptSubscription } from "../database/rows.ts"
import { SubscriptionStore } from "../database/SubscriptionStore.ts"
import { ledgerHead } from "../delivery/planned.ts"
import { LONGEST_RETIREMENT_MS, RETIRE_AFTER_MS } from "../delivery/policy.ts"
import { newSecret } from "../delivery/secrets.ts"
import {
  DeliveryNotFound,
  DeliveryNotRepeatable,
  SubscriptionNotFound,
  WebhooksUnavailable
} from "../domain/errors.ts"
import {
  DEFAULT_RETRY_FOR_MS,
  SubscriptionChange,
  SubscriptionDraft
} from "../domain/Subscription.ts"
import {
  type BoundTo,
  type ManagedSubscription,
  type SubscriptionSubmission,
  Webhooks
} from "../ports/Webhooks.ts"
import { httpTransport } from "../transport/httpTransport.ts"
import type { Transport } from "../transport/Transport.ts"
import { isTheirs } from "./isTheirs.ts"
import { checkReceiver, checkSecret, readAs } from "./readDraft.ts"
import { sendTest } from "./sendTest.ts"

/** What keeps subscriptions. */
export interface WebhooksOptions {
  /** Receivers that may be reached although they are not public; none unless named. */
  readonly allow?: AllowList
}

const readDraft = readAs(SubscriptionDraft)
const readChange = readAs(SubscriptionChange)

const make = Effect.fnUntraced(function* ({ allow = allowNone }: WebhooksOptions) {
  const subscriptions = yield* SubscriptionStore
  const deliveries = yield* DeliveryStore
  const outbox = yield* Outbox
  const ids = yield* Ids
  const ports = yield* Effect.context<AuditLog | Ids | Resolver | Transport>()

  /** Where the ledger ends now; whoever delivers reads on from there, if nobody has begun. */
  const head = ledgerHead.pipe(
    Effect.mapError(({ detail }) => new WebhooksUnavailable({ detail })),
    Effect.tap(outbox.cursor),
    Effect.provideContext(ports)
  )
  const checked = (url: string, resolving: boolean) =>
    Effect.provideContext(checkReceiver(url, allow, resolving), ports)

  const find = Effect.fnUntraced(function* (
    id: string,
    { divisionIds }: BoundTo = {}
  ): Effect.fn.Return<KeptSubscription, SubscriptionNotFound | WebhooksUnavailable> {
    const kept = yield* subscriptions.get(id)
    return isTheirs(divisionIds, kept.subscription)
      ? kept
      : yield* new SubscriptionNotFound({ subscriptionId: id })
  })
  const get = (id: string, bound?: BoundTo) =>
    Effect.map(find(id, bound), ({ subscription }) => subscription)

  const insert = Effect.fnUntraced(function* (
    submission: SubscriptionSubmission,
    draft: SubscriptionDraft,
    managedBy: string | null
  ) {
    if (submission.secret !== undefined) yield* checkSecret(submission.secret)
    const secret = submission.secret ?? (yield* newSecret)
    const id = submission.id ?? (yield* ids.next)
    const isNew = yield* subscriptions.insert({
      id,
      url: draft.url,
      eventTypes: draft.eventTypes ?? [],
      filter: withWrittenIds(draft.filter ?? {}),
      description: draft.description ?? null,
      retryForMs: draft.retryForMs ?? DEFAULT_RETRY_FOR_MS,
      divisionIds: submission.divisionIds ?? null,
      managedBy,
      createdBy: submission.requestedBy,
      afterSequence: yield* head,
      secretId: yield* ids.next,
      secret
    })
    return isNew ? { id, secret } : undefined
  })

  const add = Effect.fnUntraced(function* (submission: SubscriptionSubmission) {
    const draft = yield* readDraft(submission.draft)
    yield* checked(draft.url, true)
    const made = yield* insert(submission, draft, null)
    // Only a second one of a manager is not inserted, and this one has none.
    if (made === undefined) return yield* Effect.die("a subscription was not inserted")
    return { subscription: yield* justMade(get(made.id)), secret: made.secret }
  })

  const managed = Effect.fnUntraced(function* (managedBy: string) {
    const all = yield* subscriptions.list
    return all.find(({ subscription }) => subscription.managedBy === managedBy)
  })

  const ensure = Effect.fnUntraced(function* (submission: ManagedSubscription) {
    const draft = yield* readDraft(submission.draft)
    yield* checked(draft.url, false)
    const { managedBy, secret } = submission
    const before = yield* managed(managedBy)
    if (before === undefined) {
      const made = yield* insert(submission, draft, managedBy)
      const subscription = (yield* managed(managedBy))?.subscription
      if (subscription === undefined) return yield* Effect.die("a subscription was not inserted")
      // Another process may have been first; then its secret holds.
      return made === undefined ? { subscription } : { subscription, secret: made.secret }
    }
    const { id } = before.subscription
    yield* subscriptions.patch(id, {
      url: draft.url,
      eventTypes: draft.eventTypes ?? [],
      filter: withWrittenIds(draft.filter ?? {}),
      description: draft.description ?? null,
      retryForMs: draft.retryForMs ?? DEFAULT_RETRY_FOR_MS
    })
    if (secret !== undefined && !isNewest(before, secret)) {
      yield* checkSecret(secret)
      yield* rotateTo(id, secret, RETIRE_AFTER_MS)
    }
    return { subscription: yield* justMade(get(id)) }
  })

  const rotateTo = Effect.fnUntraced(function* (
    id: string,
    secret: Redacted.Redacted,
    retireAfterMs: number
  ) {
    const othersRetireAt = (yield* Clock.currentTimeMillis) + retireAfterMs
    yield* subscriptions.rotate(id, { id: yield* ids.next, secret, othersRetireAt })
  })

  const update = Effect.fnUntraced(function* (id: string, asked: unknown, bound?: BoundTo) {
    const { enabled, ...change } = yield* readChange(asked)
    const { subscription } = yield* find(id, bound)
    if (change.url !== undefined) yield* checked(change.url, true)
    const isEnabled = subscription.disabled === null
    const turned =
      enabled === undefined || enabled === isEnabled
        ? {}
        : enabled
          ? { disabled: null, afterSequence: yield* head }
          : {
              disabled: {
                reason: "asked" as const,
                detail: "It was disabled by hand.",
                since: new Date(yield* Clock.currentTimeMillis).toISOString()
              }
            }
    yield* subscriptions.patch(id, {
      ...change,
      ...(change.filter === undefined ? {} : { filter: withWrittenIds(change.filter) }),
      ...turned
    })
    return yield* get(id, bound)
  })

  return Webhooks.of({
    add,
    ensure,
    list: ({ divisionIds }) =>
      Effect.map(subscriptions.list, (all) =>
        all
          .map(({ subscription }) => subscription)
          .filter((subscription) => isTheirs(divisionIds, subscription))
      ),
    get,
    update,
    remove: Effect.fnUntraced(function* (id, bound) {
      const subscription = yield* get(id, bound)
      yield* subscriptions.remove(id)
      return subscription
    }),
    rotateSecret: Effect.fnUntraced(function* (id, options = {}) {
      const { retireAfterMs = RETIRE_AFTER_MS } = options
      yield* find(id, options)
      if (!(retireAfterMs >= 0 && retireAfterMs <= LONGEST_RETIREMENT_MS))
        return yield* new RequestInvalid({
          problems: [
            { key: "retireAfterMs", expected: "0 to 30 days", found: `${retireAfterMs} ms` }
          ]
        })
      const secret = yield* newSecret
      yield* rotateTo(id, secret, retireAfterMs)
      return { subscription: yield* get(id, options), secret }
    }),
    test: (id, { requestedBy, ...bound }) =>
      Effect.flatMap(find(id, bound), (kept) => sendTest(kept, requestedBy)).pipe(
        Effect.provideContext(ports)
      ),
    deliveries: Effect.fnUntraced(function* (query) {
      const { divisionIds, subscriptionId } = query
      if (subscriptionId !== undefined) yield* find(subscriptionId, query)
      const theirs =
        divisionIds === undefined
          ? undefined
          : (yield* subscriptions.list)
              .map(({ subscription }) => subscription)
              .filter((one) => isTheirs(divisionIds, one))
              .map(({ id }) => id)
      return yield* deliveries.list(query, theirs)
    }),
    delivery: Effect.fnUntraced(function* (deliveryId, bound) {
      const found = yield* deliveries.get(deliveryId)
      yield* ofTheirs(deliveryId, find(found.delivery.subscriptionId, bound))
      return found
    }),
    redeliver: Effect.fnUntraced(function* (what, bound) {
      if ("subscriptionId" in what) {
        const { subscription } = yield* find(what.subscriptionId, bound)
        return yield* deliveries.repeatDead(subscription.id, yield* repeating(subscription))
      }
      const { delivery } = yield* deliveries.get(what.deliveryId)
      const { subscription } = yield* ofTheirs(
        what.deliveryId,
        find(delivery.subscriptionId, bound)
      )
      const times = yield* repeating(subscription)
      const repeated = yield* deliveries.repeatOne(subscription.id, delivery.id, times)
      return repeated > 0
        ? repeated
        : yield* new DeliveryNotRepeatable({
            what: `Delivery ${delivery.id}`,
            why: "it is still being tried, or its end is just being recorded."
          })
    })
  })
})

/** One that is about to retire would be gone while the configuration still names it. */
const isNewest = ({ secrets, subscription }: KeptSubscription, secret: Redacted.Redacted) =>
  secrets.some(
    (one, index) =>
      subscription.secrets[index]?.retiresAt === null &&
      Redacted.value(one) === Redacted.value(secret)
  )

/** Nothing goes to a disabled subscription, so that nothing is promised. */
const repeating = Effect.fnUntraced(function* (subscription: KeptSubscription["subscription"]) {
  if (subscription.disabled !== null)
    return yield* new DeliveryNotRepeatable({
      what: `What was sent to ${subscription.id}`,
      why: "the subscription is disabled."
    })
  const now = yield* Clock.currentTimeMillis
  return { now, giveUpAt: now + subscription.retryForMs }
})

/** A delivery whose subscription is not the caller's is not there for them. */
const ofTheirs = <A>(
  deliveryId: string,
  found: Effect.Effect<A, SubscriptionNotFound | WebhooksUnavailable>
) =>
  Effect.catchTag(found, "SubscriptionNotFound", () =>
    Effect.fail(new DeliveryNotFound({ deliveryId }))
  )

/** It may be removed by another at this very moment, which the port has no word for. */
const justMade = <A>(found: Effect.Effect<A, SubscriptionNotFound | WebhooksUnavailable>) =>
  Effect.catchTag(found, "SubscriptionNotFound", ({ message }) =>
    Effect.fail(new WebhooksUnavailable({ detail: message }))
  )

/** As `layerWebhooks`, over any transport and any resolver. */
export const layerWebhooksOver = (
  options: WebhooksOptions = {}
): Layer.Layer<
  Webhooks,
  WebhooksUnavailable,
  SqlClient.SqlClient | AuditLog | Ids | Resolver | Transport
> =>
  Layer.effect(Webhooks, make(options)).pipe(
    Layer.provide(Layer.mergeAll(SubscriptionStore.layer, DeliveryStore.layer, Outbox.layer))
  )

/**
 * Keeps subscriptions and deliveries in any database that an `SqlClient` reaches; makes or migrates the
 * tables first. They are delivered by whichever process runs `deliver`.
 */
export const layerWebhooks = (
  options: WebhooksOptions = {}
): Layer.Layer<Webhooks, WebhooksUnavailable, SqlClient.SqlClient | AuditLog | Ids> =>
  layerWebhooksOver(options).pipe(
    Layer.provide(Layer.provideMerge(httpTransport(options), resolverLive))
  )
