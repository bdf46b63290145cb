/** A message to be sent, as it is first written down. All instants are epoch milliseconds. */
export interface NewDelivery {
  readonly id: string
  readonly subscriptionId: string
  readonly eventId: string
  readonly eventType: string
  readonly eventSequence: number
  /** Its place in its lane. */
  readonly position: number
  /** Messages of one lane are sent one after the other. */
  readonly lane: string
  readonly body: string
  readonly subjectName: string
  readonly divisionId: string | null
  readonly traceId: string | null
  readonly createdAt: number
  readonly giveUpAt: number
}

/** Its row in `webhook_deliveries`. `head`: whether it is its turn in its lane. */
export const rowOf = (delivery: NewDelivery, head: boolean) => ({
  id: delivery.id,
  subscription_id: delivery.subscriptionId,
  event_id: delivery.eventId,
  event_type: delivery.eventType,
  event_sequence: delivery.eventSequence,
  position: delivery.position,
  lane: delivery.lane,
  head: head ? 1 : 0,
  body: delivery.body,
  subject_name: delivery.subjectName,
  division_id: delivery.divisionId,
  trace_id: delivery.traceId,
  status: "pending",
  attempts: 0,
  tries: 0,
  created_at: delivery.createdAt,
  due_at: delivery.createdAt,
  give_up_at: delivery.giveUpAt,
  finished_at: null,
  receiver: null,
  last_status: null,
  detail: null,
  audit_sequence: null
})
