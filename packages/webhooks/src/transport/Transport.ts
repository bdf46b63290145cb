import { Context, type Effect, Schema } from "effect"

/** A message as it leaves. */
export interface Outgoing {
  /** As the subscription has it. */
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** What a receiver answered; nothing of its body is kept. */
export interface Answer {
  readonly status: number
  /** The `Retry-After` header as it came. */
  readonly retryAfter?: string
}

/** There was no answer. */
export class NoAnswer extends Schema.TaggedError<NoAnswer>()("NoAnswer", {
  /**
   * - `refused`: the address may not be reached, and nothing was sent
   * - `unreachable`: no connection, or one that broke
   * - `timeout`: none in time
   */
  reason: Schema.Literals(["refused", "unreachable", "timeout"]),
  /** A sentence for a person, without anything secret of the address. */
  detail: Schema.String
}) {}

/** Hands one message over, once. */
export class Transport extends Context.Service<
  Transport,
  { readonly send: (message: Outgoing) => Effect.Effect<Answer, NoAnswer> }
>()("@campaignctl/webhooks/Transport") {}
