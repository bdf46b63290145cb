/** One HTTP request, ready to be sent. */
export interface WireRequest {
  readonly method: string
  /** Absolute, query included. */
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string
}

/** One whole HTTP reply, whatever its status. */
export interface WireReply {
  readonly status: number
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  readonly text: string
}

/** Why no reply came, in words that hold no secret. */
export class TransportFailure extends Error {
  readonly reason: "timeout" | "connection-lost" | "unreachable" | "malformed-reply"
  constructor(reason: TransportFailure["reason"], detail: string) {
    super(detail)
    this.name = "TransportFailure"
    this.reason = reason
  }
}

/**
 * Sends one request and gives its whole reply. Follows no redirect and never repeats. Rejects with
 * a `TransportFailure` alone; aborting the signal ends the request.
 */
export type Transport = (request: WireRequest, signal: AbortSignal) => Promise<WireReply>
