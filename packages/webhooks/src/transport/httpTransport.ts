import {
  Agent as AgentHttp,
  type ClientRequest,
  type IncomingMessage,
  request as requestHttp
} from "node:http"
import { Agent as AgentHttps, request as requestHttps } from "node:https"
import { isIP, type LookupFunction } from "node:net"
import { monotonicMs } from "@campaignctl/core"
import { Effect, Layer, Predicate, Result } from "effect"
import { type AllowList, allowNone } from "../address/AllowList.ts"
import { checkedAddresses } from "../address/checkedAddresses.ts"
import { receiverOf } from "../address/Receiver.ts"
import { Resolver } from "../address/Resolver.ts"
import { type Answer, NoAnswer, type Outgoing, Transport } from "./Transport.ts"

/** Milliseconds from the first question for the address to the end of the answer. Source: the described contract's upper end for webhooks. */
export const TIME_LIMIT_MS = 15_000
/** Bytes of an answer's body that are read, and thrown away: its status says all that counts. */
export const ANSWER_LIMIT_BYTES = 65_536

/** How messages are handed over. */
export interface HttpTransportOptions {
  /** Receivers that may be reached although they are not public. */
  readonly allow?: AllowList
  readonly timeLimitMs?: number
}

/**
 * Begins a request to the very addresses that were checked for this connection: there is no second
 * question between the check and the connection whose answer could differ. Each connection is used
 * once, follows no redirect, and goes through no proxy: the agents are this call's own, and what the
 * environment says of proxies is for others.
 */
const begin = (
  { body, headers }: Outgoing,
  url: URL,
  addresses: ReadonlyArray<string>
): ClientRequest => {
  const secure = url.protocol === "https:"
  const once = { keepAlive: false, maxSockets: 1 }
  const payload = Buffer.from(body)
  const sent = (secure ? requestHttps : requestHttp)(url, {
    agent: secure ? new AgentHttps({ ...once, maxCachedSessions: 0 }) : new AgentHttp(once),
    method: "POST",
    headers: { ...headers, "content-length": payload.byteLength },
    lookup: lookupIn(addresses)
  })
  // Whoever waits for the answer hears of an error; one that comes when nobody does is none to act on.
  sent.on("error", () => undefined)
  sent.end(payload)
  return sent
}

/** The answer, once its status and headers have come. */
const answered = (sent: ClientRequest): Effect.Effect<IncomingMessage, NoAnswer> =>
  Effect.callback((resume) => {
    sent.on("response", (answer) => resume(Effect.succeed(answer)))
    const none = (name: string): void =>
      resume(Effect.fail(new NoAnswer({ reason: "unreachable", detail: `No answer: ${name}.` })))
    sent.on("error", (error) => none(nameOf(error)))
    // Node ends a switch to another protocol that nobody asked for without an error.
    sent.on("close", () => none("ECLOSED"))
  })

/** Reads an answer to its end or to the limit. That the connection breaks after the status came changes nothing. */
const readBody = (answer: IncomingMessage): Effect.Effect<void> =>
  Effect.callback((resume) => {
    let read = 0
    const done = (): void => resume(Effect.void)
    answer.on("data", (chunk: Buffer) => {
      read += chunk.byteLength
      if (read >= ANSWER_LIMIT_BYTES) done()
    })
    answer.on("close", done)
    answer.on("error", done)
  })

/** Tells the checked addresses and no others, in either way in which Node asks. */
const lookupIn =
  (addresses: ReadonlyArray<string>): LookupFunction =>
  (_host, options, answer) => {
    const all = addresses.map((address) => ({ address, family: isIP(address) }))
    const first = all[0]
    if (first === undefined) answer(new Error("no address"), "")
    else if (options.all === true) answer(null, all)
    else answer(null, first.address, first.family)
  }

/** Node's name of an error, such as `ECONNREFUSED`: its message may repeat the address. */
const nameOf = (error: unknown): string =>
  Predicate.hasProperty(error, "code") && typeof error.code === "string" ? error.code : "ERROR"

/**
 * One request and its answer. Once there is a status it counts, however long the body goes on: a
 * receiver that has taken a message must not get it again for three days.
 */
const exchange = (sent: ClientRequest, endsAt: number): Effect.Effect<Answer, NoAnswer> =>
  Effect.gen(function* () {
    const answer = yield* inTime(endsAt - (yield* monotonicMs))(answered(sent))
    yield* Effect.timeoutOption(readBody(answer), Math.max(0, endsAt - (yield* monotonicMs)))
    const retryAfter = answer.headers["retry-after"]
    return {
      status: answer.statusCode ?? 0,
      ...(retryAfter === undefined ? {} : { retryAfter })
    }
  })

const inTime =
  (limitMs: number) =>
  <A, R>(work: Effect.Effect<A, NoAnswer, R>): Effect.Effect<A, NoAnswer, R> =>
    Effect.timeoutOrElse(work, {
      duration: Math.max(0, limitMs),
      orElse: () => Effect.fail(new NoAnswer({ reason: "timeout", detail: "No answer in time." }))
    })

const refused = (detail: string) => new NoAnswer({ reason: "refused", detail })

/** Sends over HTTP. The address is checked at every connection. */
export const httpTransport = ({
  allow = allowNone,
  timeLimitMs = TIME_LIMIT_MS
}: HttpTransportOptions = {}): Layer.Layer<Transport, never, Resolver> =>
  Layer.effect(
    Transport,
    Effect.gen(function* () {
      const resolver = yield* Resolver
      return {
        send: Effect.fnUntraced(function* (message: Outgoing) {
          const endsAt = (yield* monotonicMs) + timeLimitMs
          const receiver = receiverOf(message.url, allow)
          if (Result.isFailure(receiver)) return yield* refused(receiver.failure)
          const addresses = yield* checkedAddresses(receiver.success, allow).pipe(
            Effect.provideService(Resolver, resolver),
            Effect.mapError(refused),
            inTime(timeLimitMs)
          )
          return yield* Effect.acquireUseRelease(
            Effect.sync(() => begin(message, receiver.success.url, addresses)),
            (sent) => exchange(sent, endsAt),
            (sent) => Effect.sync(() => sent.destroy())
          )
        })
      }
    })
  )
