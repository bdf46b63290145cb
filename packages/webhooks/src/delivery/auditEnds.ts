import {
  type AuditDraft,
  AuditLog,
  type AuditUnavailable,
  NO_SINGLE_CAMPAIGN
} from "@campaignctl/core"
import { Effect, Option, Stream } from "effect"
import { type EndTold, Outbox } from "../database/Outbox.ts"
import { COMMON_LANE, type DeliveryRow } from "../database/rows.ts"
import type { WebhooksUnavailable } from "../domain/errors.ts"
import { AUDITS_AT_ONCE } from "./policy.ts"
import { recorded } from "./recorded.ts"

/** What the ledger calls a message that was given up. */
const DEAD = "WEBHOOK_DELIVERY_DEAD"
/** Who does it. */
const ACTOR = "webhooks"
/** The level under which everything is recorded that needs nobody's consent. Source: described. */
const GOVERNANCE_LEVEL = "L3"

/** What the ledger says of a message that was sent, whatever came of it. */
export interface Ended {
  readonly campaignId: string
  readonly subjectName: string
  readonly divisionId: string | null
  readonly traceId: string | null
  readonly requestedBy: string
  readonly delivered: boolean
  readonly attempts: number
  /** Milliseconds from its being written down to its end. */
  readonly latencyMs: number
  readonly detail: string
  readonly requestId: string | null
  readonly delivery: NonNullable<AuditDraft["delivery"]>
}

export const deliveryDraft = (ended: Ended): AuditDraft => ({
  campaignId: ended.campaignId,
  campaignName: ended.subjectName,
  divisionId: ended.divisionId,
  currentState: null,
  targetState: null,
  pauseReason: null,
  note: null,
  requestedBy: ended.requestedBy,
  source: "webhooks",
  kind: "delivery",
  outcome: null,
  success: ended.delivered,
  attempts: ended.attempts,
  latencyMs: Math.max(0, ended.latencyMs),
  verdicts: [],
  lockBefore: null,
  lockAfter: null,
  errorCode: ended.delivered ? null : DEAD,
  errorDetails: ended.delivered ? null : ended.detail,
  traceId: ended.traceId,
  requestId: ended.requestId,
  governanceLevel: GOVERNANCE_LEVEL,
  intentId: null,
  delivery: ended.delivery
})

const endedOf = (row: DeliveryRow): Ended => ({
  campaignId: row.lane === COMMON_LANE ? NO_SINGLE_CAMPAIGN : row.lane,
  subjectName: row.subject_name,
  divisionId: row.division_id,
  traceId: row.trace_id,
  requestedBy: ACTOR,
  delivered: row.status === "delivered",
  attempts: Number(row.attempts),
  latencyMs: Number(row.finished_at) - Number(row.created_at),
  detail: row.detail ?? "",
  // A message that is sent again by hand ends again, after more attempts.
  requestId: `${row.id}:${Number(row.attempts)}`,
  delivery: {
    subscriptionId: row.subscription_id,
    receiver: row.receiver ?? "",
    eventId: row.event_id,
    eventType: row.event_type,
    eventSequence: Number(row.event_sequence),
    status: row.last_status === null ? null : Number(row.last_status)
  }
})

/**
 * Writes the ends of deliveries into the ledger that are not there yet, each once. True where there may
 * be more.
 *
 * @param afterCrash whether an entry may have been written of which the tables do not know
 */
export const auditEnds = Effect.fnUntraced(function* (
  afterCrash: boolean
): Effect.fn.Return<boolean, WebhooksUnavailable | AuditUnavailable, AuditLog | Outbox> {
  const outbox = yield* Outbox
  const log = yield* AuditLog
  const rows = yield* outbox.unaudited(AUDITS_AT_ONCE)
  const ends: Array<EndTold> = []
  for (const row of rows) {
    const draft = deliveryDraft(endedOf(row))
    const { requestId } = draft
    const written =
      afterCrash && requestId !== null
        ? yield* Stream.runHead(log.query({ requestId, kind: "delivery", limit: 1 }))
        : Option.none()
    const { sequence } = Option.isSome(written) ? written.value : yield* recorded(draft)
    ends.push({ id: row.id, attempts: Number(row.attempts), sequence })
  }
  yield* outbox.audited(ends)
  return rows.length === AUDITS_AT_ONCE
})
