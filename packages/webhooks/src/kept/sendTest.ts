import { type AuditLog, Ids, NO_SINGLE_CAMPAIGN } from "@campaignctl/core"
import { Clock, Effect } from "effect"
import type { KeptSubscription } from "../database/rows.ts"
import { deliveryDraft } from "../delivery/auditEnds.ts"
import { recorded } from "../delivery/recorded.ts"
import { isDelivered } from "../delivery/consequenceOf.ts"
import { sendOnce } from "../delivery/sendOnce.ts"
import { TEST_EVENT_TYPE } from "../domain/EventType.ts"
import { EVENT_SOURCE, type WebhookEvent } from "../events/WebhookEvent.ts"
import type { TestAnswer } from "../ports/Webhooks.ts"
import type { Transport } from "../transport/Transport.ts"

/** Before the sequence of every entry: a test tells of none. */
const BEFORE_ALL = "0"

/** Sends a test to one subscription, once, and writes into the ledger what came of it. */
export const sendTest = Effect.fnUntraced(function* (
  { secrets, subscription }: KeptSubscription,
  requestedBy: string
): Effect.fn.Return<TestAnswer, never, AuditLog | Ids | Transport> {
  const ids = yield* Ids
  const event: WebhookEvent = {
    specversion: "1.0",
    id: `${yield* ids.next}:${TEST_EVENT_TYPE}`,
    source: EVENT_SOURCE,
    type: TEST_EVENT_TYPE,
    subject: subscription.id,
    time: new Date(yield* Clock.currentTimeMillis).toISOString(),
    datacontenttype: "application/json",
    sequence: BEFORE_ALL,
    data: { subscriptionId: subscription.id, requestedBy }
  }
  const { made } = yield* sendOnce({
    url: subscription.url,
    secrets,
    eventId: event.id,
    body: JSON.stringify(event)
  })
  const delivered = isDelivered(made.status)
  yield* recorded(
    deliveryDraft({
      campaignId: NO_SINGLE_CAMPAIGN,
      subjectName: subscription.description ?? "",
      divisionId: null,
      traceId: null,
      requestedBy,
      delivered,
      attempts: 1,
      latencyMs: made.durationMs,
      detail: made.detail,
      requestId: null,
      delivery: {
        subscriptionId: subscription.id,
        receiver: made.receiver,
        eventId: event.id,
        eventType: event.type,
        eventSequence: 0,
        status: made.status
      }
    })
  ).pipe(
    // It was sent, and whoever asked is to hear of that first.
    Effect.catch(({ message }) => Effect.logError(`A test was not recorded: ${message}`))
  )
  return {
    eventId: event.id,
    delivered,
    status: made.status,
    durationMs: made.durationMs,
    detail: made.detail
  }
})
