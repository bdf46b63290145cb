import { monotonicMs, parseRetryAfter } from "@campaignctl/core"
import { Clock, Effect, type Redacted, Result } from "effect"
import { shownReceiver } from "../address/Receiver.ts"
import type { AttemptMade } from "../database/Outbox.ts"
import { TIME_LIMIT_MS } from "../transport/httpTransport.ts"
import { NoAnswer, Transport } from "../transport/Transport.ts"
import { isDelivered } from "./consequenceOf.ts"
import { signedHeaders } from "./secrets.ts"

/** A message to one receiver. */
export interface Message {
  readonly url: string
  readonly secrets: ReadonlyArray<Redacted.Redacted>
  readonly eventId: string
  readonly body: string
}

/** An attempt, and what the answer asked for. */
export interface Sent {
  readonly made: AttemptMade
  readonly retryAfterMs?: number
}

/** Milliseconds after which no transport is waited for any longer: its own limit and a second for its end. */
const PATIENCE_MS = TIME_LIMIT_MS + 1_000

/** Sends a message once, and says what came of it; never fails. */
export const sendOnce = Effect.fnUntraced(function* ({
  body,
  eventId,
  secrets,
  url
}: Message): Effect.fn.Return<Sent, never, Transport> {
  const { send } = yield* Transport
  const at = yield* Clock.currentTimeMillis
  const began = yield* monotonicMs
  const answer = yield* send({
    url,
    headers: signedHeaders(eventId, body, secrets, at),
    body
  }).pipe(
    Effect.timeoutOrElse({
      duration: PATIENCE_MS,
      orElse: () => Effect.fail(new NoAnswer({ reason: "timeout", detail: "No answer in time." }))
    }),
    Effect.result
  )
  const endedAt = yield* Clock.currentTimeMillis
  const status = Result.isSuccess(answer) ? answer.success.status : null
  const retryAfterMs = Result.isSuccess(answer)
    ? parseRetryAfter(answer.success.retryAfter, endedAt)
    : undefined
  return {
    made: {
      receiver: shownReceiver(url),
      at,
      endedAt,
      durationMs: (yield* monotonicMs) - began,
      status,
      detail: Result.isSuccess(answer) ? sentenceOf(answer.success.status) : answer.failure.detail
    },
    ...(retryAfterMs === undefined ? {} : { retryAfterMs })
  }
})

const sentenceOf = (status: number): string => {
  if (isDelivered(status)) return `Delivered: the receiver answered ${status}.`
  return status >= 300 && status < 400
    ? `The receiver answered ${status}, a redirect, which is never followed.`
    : `The receiver answered ${status}.`
}
