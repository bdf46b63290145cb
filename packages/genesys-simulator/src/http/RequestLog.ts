/** Entries kept; older ones are dropped. */
const LIMIT = 200_000

/** One request as it was received and answered. Never holds an Authorization header, a body, or a secret. */
export interface RequestEntry {
  readonly sequence: number
  /** The world's time of arrival, ISO 8601. */
  readonly time: string
  readonly method: string
  readonly path: string
  readonly query: string
  /** The template, such as `PUT /api/v2/outbound/campaigns/:id`; null when no route matched. */
  readonly route: string | null
  readonly campaignId: string | null
  /** Null while it is being worked on, and when the connection was cut instead of answered. */
  status: number | null
  code: string | null
  client: string | null
  contract: string | null
  readonly correlationId: string
  readonly traceparent: string | null
  readonly idempotencyKey: string | null
  /** Ids of the faults that took effect. */
  readonly faults: Array<string>
}

export class RequestLog {
  #entries: Array<RequestEntry> = []
  #sequence = 0

  begin(
    entry: Omit<RequestEntry, "sequence" | "status" | "code" | "client" | "contract" | "faults">
  ): RequestEntry {
    this.#sequence += 1
    const begun: RequestEntry = {
      sequence: this.#sequence,
      ...entry,
      status: null,
      code: null,
      client: null,
      contract: null,
      faults: []
    }
    this.#entries.push(begun)
    if (this.#entries.length > LIMIT) this.#entries.splice(0, this.#entries.length - LIMIT)
    return begun
  }

  entries(): ReadonlyArray<RequestEntry> {
    return this.#entries
  }

  clear(): void {
    this.#entries = []
  }
}
