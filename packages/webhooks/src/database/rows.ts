import { Redacted, Schema } from "effect"
import { Subscription } from "../domain/Subscription.ts"
import { DeliveryAttempt, WebhookDelivery } from "../domain/WebhookDelivery.ts"

/** Integers come back from PostgreSQL as BigInt where the column is wide. */
export type Integer = number | bigint

/** The lane of what is about no single campaign. */
export const COMMON_LANE = "*"

/** A row of `webhook_subscriptions`. */
export interface SubscriptionRow {
  readonly id: string
  readonly url: string
  readonly event_types: string
  readonly filter: string
  readonly description: string | null
  readonly retry_for_ms: Integer
  readonly disabled: string | null
  readonly failing_since: Integer | null
  readonly not_before: Integer | null
  readonly after_sequence: Integer
  readonly division_ids: string | null
  readonly managed_by: string | null
  readonly created_by: string
  readonly created_at: Integer
}

/** A row of `webhook_secrets`. */
export interface SecretRow {
  readonly id: string
  readonly subscription_id: string
  readonly secret: string
  readonly created_at: Integer
  readonly retires_at: Integer | null
}

/** A row of `webhook_deliveries`. */
export interface DeliveryRow {
  readonly id: string
  readonly subscription_id: string
  readonly event_id: string
  readonly event_type: string
  readonly event_sequence: Integer
  readonly position: Integer
  readonly lane: string
  readonly body: string
  readonly subject_name: string
  readonly division_id: string | null
  readonly trace_id: string | null
  readonly status: string
  readonly attempts: Integer
  readonly tries: Integer
  readonly created_at: Integer
  readonly due_at: Integer
  readonly give_up_at: Integer
  readonly finished_at: Integer | null
  readonly receiver: string | null
  readonly last_status: Integer | null
  readonly detail: string | null
  readonly audit_sequence: Integer | null
}

/** A row of `webhook_attempts`. */
export interface AttemptRow {
  readonly number: Integer
  readonly at: Integer
  readonly duration_ms: Integer
  readonly status: Integer | null
  readonly detail: string
}

/** A subscription with what only the deliverer needs of it. */
export interface KeptSubscription {
  readonly subscription: Subscription
  /** Those that are valid now, the newest first. */
  readonly secrets: ReadonlyArray<Redacted.Redacted>
  /** It is told of entries after this one. */
  readonly afterSequence: number
}

const parsed = Schema.decodeSync(Schema.fromJsonString(Schema.Unknown))
const decodeSubscription = Schema.decodeUnknownSync(Subscription)
const decodeDelivery = Schema.decodeUnknownSync(WebhookDelivery)
const decodeAttempt = Schema.decodeUnknownSync(DeliveryAttempt)

const numberOf = (value: Integer | null): number | null => (value === null ? null : Number(value))
const instantOf = (value: Integer | null): string | null =>
  value === null ? null : new Date(Number(value)).toISOString()

const isValid =
  (now: number) =>
  ({ retires_at }: SecretRow): boolean =>
    retires_at === null || Number(retires_at) > now

/** The subscription of a row. The tables are this package's own: a row that cannot be read is a defect. */
export const subscriptionOf = (
  row: SubscriptionRow,
  ofAll: ReadonlyArray<SecretRow>,
  now: number
): KeptSubscription => {
  const secrets = ofAll
    .filter((secret) => secret.subscription_id === row.id && isValid(now)(secret))
    .toSorted((one, other) => (one.id < other.id ? 1 : -1))
  return {
    secrets: secrets.map(({ secret }) => Redacted.make(secret)),
    afterSequence: Number(row.after_sequence),
    subscription: decodeSubscription({
      id: row.id,
      url: row.url,
      eventTypes: parsed(row.event_types),
      filter: parsed(row.filter),
      description: row.description,
      retryForMs: Number(row.retry_for_ms),
      secrets: secrets.map(({ created_at, id, retires_at }) => ({
        id,
        createdAt: instantOf(created_at),
        retiresAt: instantOf(retires_at)
      })),
      disabled: row.disabled === null ? null : parsed(row.disabled),
      failingSince: instantOf(row.failing_since),
      divisionIds: row.division_ids === null ? null : parsed(row.division_ids),
      managedBy: row.managed_by,
      createdBy: row.created_by,
      createdAt: instantOf(row.created_at)
    })
  }
}

export const deliveryOf = (row: DeliveryRow): WebhookDelivery =>
  decodeDelivery({
    id: row.id,
    subscriptionId: row.subscription_id,
    eventId: row.event_id,
    eventType: row.event_type,
    campaignId: row.lane === COMMON_LANE ? null : row.lane,
    eventSequence: Number(row.event_sequence),
    status: row.status,
    attempts: Number(row.attempts),
    createdAt: instantOf(row.created_at),
    nextAttemptAt: row.finished_at === null ? instantOf(row.due_at) : null,
    finishedAt: instantOf(row.finished_at),
    lastStatus: numberOf(row.last_status),
    detail: row.detail,
    auditSequence: numberOf(row.audit_sequence)
  })

export const attemptOf = (row: AttemptRow): DeliveryAttempt =>
  decodeAttempt({
    number: Number(row.number),
    at: instantOf(row.at),
    durationMs: Number(row.duration_ms),
    status: numberOf(row.status),
    detail: row.detail
  })
