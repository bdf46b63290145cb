import type { JsonObject } from "../Json.ts"

/** Entries kept. */
const LIMIT = 10_000

/** One line of the organisation's outbound event log (`GET /api/v2/outbound/events`). */
export interface DialerEvent {
  readonly id: string
  readonly time: number
  readonly campaignId: string
  readonly campaignName: string
  readonly level: "INFO" | "WARNING" | "ERROR"
  readonly code: string
  readonly message: string
}

export class EventLog {
  #events: Array<DialerEvent> = []

  append(event: DialerEvent): void {
    this.#events.push(event)
    if (this.#events.length > LIMIT) this.#events.splice(0, this.#events.length - LIMIT)
  }

  newestFirst(): ReadonlyArray<DialerEvent> {
    return this.#events.toReversed()
  }
}

export const renderEvent = (event: DialerEvent): JsonObject => ({
  id: event.id,
  name: "",
  errorEntity: { id: event.campaignId, name: event.campaignName },
  timestamp: new Date(event.time).toISOString(),
  level: event.level,
  category: "CAMPAIGN",
  eventMessage: { code: event.code, message: event.message },
  selfUri: `/api/v2/outbound/events/${event.id}`
})
