import { AuditLog, type AuditEntry, type AuditUnavailable, Ids } from "@campaignctl/core"
import { Clock, Effect, Option, Stream } from "effect"
import type { NewDelivery } from "../database/NewDelivery.ts"
import { Outbox } from "../database/Outbox.ts"
import { COMMON_LANE, type KeptSubscription } from "../database/rows.ts"
import { SubscriptionStore } from "../database/SubscriptionStore.ts"
import type { WebhooksUnavailable } from "../domain/errors.ts"
import type { EventType } from "../domain/EventType.ts"
import { eventsOf } from "../events/eventsOf.ts"
import { isToldOf } from "../events/isToldOf.ts"
import type { WebhookEvent } from "../events/WebhookEvent.ts"
import { ENTRIES_AT_ONCE } from "./policy.ts"

/** Places in a lane for the events of one entry, of which there are two at most. */
const PLACES_PER_ENTRY = 8

/** The sequence of the newest entry of the ledger; 0 where it is empty. */
export const ledgerHead: Effect.Effect<number, AuditUnavailable, AuditLog> = Effect.gen(
  function* () {
    const log = yield* AuditLog
    const newest = yield* Stream.runHead(log.query({ newestFirst: true, limit: 1 }))
    return Option.match(newest, { onNone: () => 0, onSome: ({ sequence }) => sequence })
  }
)

/**
 * Reads on in the ledger and writes down what is to be sent, together with how far it has read. True
 * where there may be more to read.
 *
 * The entries are read before the subscriptions: one that was there before an entry was recorded is
 * seen with it.
 */
export const planNext = Effect.fnUntraced(function* (): Effect.fn.Return<
  { readonly more: boolean; readonly planned: number },
  WebhooksUnavailable | AuditUnavailable,
  AuditLog | Ids | Outbox | SubscriptionStore
> {
  const log = yield* AuditLog
  const outbox = yield* Outbox
  const begun = yield* outbox.cursorIfBegun
  const from = begun ?? (yield* outbox.cursor(yield* ledgerHead))
  const entries = yield* Stream.runCollect(
    log.query({ afterSequence: from, limit: ENTRIES_AT_ONCE })
  )
  const last = entries.at(-1)
  if (last === undefined) return { more: false, planned: 0 }
  const subscriptions = yield* (yield* SubscriptionStore).list
  const enabled = subscriptions.filter(({ subscription }) => subscription.disabled === null)
  const deliveries = yield* deliveriesOf(entries, enabled)
  yield* outbox.plan(from, last.sequence, deliveries)
  return { more: entries.length === ENTRIES_AT_ONCE, planned: deliveries.length }
})

const deliveriesOf = Effect.fnUntraced(function* (
  entries: ReadonlyArray<AuditEntry>,
  subscriptions: ReadonlyArray<KeptSubscription>
) {
  const ids = yield* Ids
  const now = yield* Clock.currentTimeMillis
  const found: Array<NewDelivery> = []
  for (const entry of subscriptions.length === 0 ? [] : entries) {
    for (const [order, event] of eventsOf(entry).entries()) {
      const body = JSON.stringify(event)
      for (const kept of subscriptions) {
        if (!isDue(kept, entry, event)) continue
        found.push({
          id: yield* ids.next,
          subscriptionId: kept.subscription.id,
          eventId: event.id,
          eventType: event.type,
          eventSequence: entry.sequence,
          position: entry.sequence * PLACES_PER_ENTRY + order,
          lane: "campaign" in event.data ? entry.campaignId : COMMON_LANE,
          body,
          subjectName: entry.campaignName,
          divisionId: entry.divisionId,
          traceId: entry.traceId,
          createdAt: now,
          giveUpAt: now + kept.subscription.retryForMs
        })
      }
    }
  }
  return found
})

const isDue = (
  { afterSequence, subscription }: KeptSubscription,
  entry: AuditEntry,
  event: WebhookEvent
): boolean =>
  entry.sequence > afterSequence &&
  // Only a test is of another type, and no entry is one.
  isToldOf(subscription, entry, event.type as EventType)
