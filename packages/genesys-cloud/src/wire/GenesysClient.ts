import {
  type BudgetSeen,
  type CampaignId,
  CurrentBudgetClass,
  type GatewayError,
  GenesysUnavailable,
  monotonicMs,
  RateLimited,
  type RequestBudget
} from "@campaignctl/core"
import { Clock, Duration, Effect, Redacted, type Scope } from "effect"
import { requestToken } from "../auth/requestToken.ts"
import { makeTokenSource } from "../auth/TokenSource.ts"
import type { Settings } from "../options.ts"
import type { Route } from "../routes.ts"
import { loadSdk, type SdkSession } from "../sdk/sdk.ts"
import { heardIn } from "./heardIn.ts"
import { clientSpans } from "./clientSpan.ts"
import { errorRules, etagErrorRules, type ErrorRule } from "./errorCodes.ts"
import { parseJson } from "./json.ts"
import { replyError } from "./replyError.ts"
import { makeScrubber } from "./scrub.ts"
import type { Transport, WireReply } from "./Transport.ts"
import { transportError } from "./transportError.ts"

/**
 * Milliseconds that the token and the permit of a request may take which is sent at once. A halt counts
 * on no start being sent later than that after it was decided.
 */
const AT_ONCE_MS = 1_000

/** One request to the API. */
export interface Exchange {
  /** The request in words, such as "reading the campaign". */
  readonly what: string
  /** The permission that it needs. */
  readonly permission: string
  /** The campaign that it is about: a 404 or a 409 speaks of it. */
  readonly campaignId?: CampaignId
  readonly route: Route
  /** Sent now, or not at all: what was decided would be out of date after a wait for the budget. */
  readonly atOnce?: boolean
  readonly send: (session: SdkSession) => Promise<Pick<WireReply, "status" | "headers" | "text">>
}

/** A successful reply. */
export interface Answer {
  readonly headers: WireReply["headers"]
  readonly body: unknown
  /** Epoch milliseconds at which it was received. */
  readonly receivedAt: number
}

/** The server's clock as its last `Date` header gave it, beside ours at that moment. Epoch milliseconds. */
export interface ClockReading {
  readonly server: number
  readonly ours: number
}

/** Sends requests with a token, within the budget and a deadline, and types their errors. */
export interface GenesysClient {
  readonly call: (exchange: Exchange) => Effect.Effect<Answer, GatewayError>
  /** Fails where no token can be had. */
  readonly authenticate: Effect.Effect<void, GatewayError>
  readonly budget: Effect.Effect<BudgetSeen | undefined>
  readonly clockReading: Effect.Effect<ClockReading | undefined>
}

const rulesOf: Readonly<Record<Settings["contract"], ReadonlyArray<ErrorRule>>> = {
  platform: errorRules,
  etag: etagErrorRules
}

/** A client over a transport. Its token's renewal lives in the scope. */
export const makeGenesysClient = Effect.fnUntraced(function* (
  settings: Settings,
  transport: Transport,
  scope: Scope.Scope,
  budget: RequestBudget["Service"]
) {
  const { clientId, clientSecret, contract, requestTimeoutMs } = settings
  const sdk = yield* Effect.promise(() => loadSdk(settings.apiUrl, transport))
  const scrubber = makeScrubber(clientId, Redacted.value(clientSecret))
  let reading: ClockReading | undefined

  const readClock = ({ headers }: Pick<WireReply, "headers">): Effect.Effect<void> =>
    Effect.map(Clock.currentTimeMillis, (ours) => {
      const server = Date.parse(headers["date"] ?? "")
      if (!Number.isNaN(server)) reading = { server, ours }
    })
  const tokens = makeTokenSource(requestToken(settings, transport, scrubber, readClock), scope)

  const spans = clientSpans(settings.apiUrl)
  const sendOnce = (exchange: Exchange, token: Redacted.Redacted<string>, again = false) =>
    spans
      .around(exchange.route, again, (trace) =>
        Effect.tryPromise({
          // `send` may throw before it returns a promise: the SDK throws where a parameter is missing.
          try: async (signal) => exchange.send(sdk(Redacted.value(token), signal, trace)),
          catch: transportError(exchange.what)
        }).pipe(
          Effect.timeoutOrElse({
            duration: Duration.millis(requestTimeoutMs),
            orElse: () =>
              Effect.fail(
                new GenesysUnavailable({
                  reason: "timeout",
                  detail: `${exchange.what} took more than ${requestTimeoutMs} ms.`
                })
              )
          })
        )
      )
      .pipe(Effect.tap(readClock))

  /** Fails where a request that was to be sent at once has been waited for: the next try finds a token. */
  const inTime = ({ atOnce }: Exchange, asked: number): Effect.Effect<void, RateLimited> =>
    atOnce === true
      ? Effect.flatMap(monotonicMs, (now) =>
          now - asked > AT_ONCE_MS ? Effect.fail(new RateLimited({})) : Effect.void
        )
      : Effect.void

  /** One request when the budget admits it; a token's request is not among those that Genesys counts. */
  const sendAdmitted = (
    exchange: Exchange,
    token: Redacted.Redacted<string>,
    asked: number,
    again = false
  ) =>
    Effect.flatMap(CurrentBudgetClass, (budgetClass) =>
      budget.around(
        {
          class: budgetClass,
          patienceMs: settings.pacingPatienceMs,
          atOnce: exchange.atOnce === true,
          longestMs: requestTimeoutMs
        },
        inTime(exchange, asked).pipe(
          Effect.andThen(sendOnce(exchange, token, again)),
          Effect.flatMap((reply) =>
            Effect.map(Clock.currentTimeMillis, (receivedAt) => ({ ...reply, receivedAt }))
          )
        ),
        heardIn
      )
    )

  const call = Effect.fnUntraced(function* (exchange: Exchange) {
    const asked = yield* monotonicMs
    const token = yield* tokens.current
    let reply = yield* sendAdmitted(exchange, token, asked)
    if (reply.status === 401) {
      // Nothing was done under a token that was refused, so that even a write may be sent again.
      const fresh = yield* tokens.instead(token)
      reply = yield* sendAdmitted(exchange, fresh, asked, true)
    }
    const { receivedAt } = reply
    if (reply.status < 200 || reply.status > 299)
      return yield* Effect.fail<GatewayError>(
        replyError(reply, {
          rules: rulesOf[contract],
          what: exchange.what,
          permission: exchange.permission,
          ...(exchange.campaignId === undefined ? {} : { campaignId: exchange.campaignId }),
          nowMs: receivedAt,
          clean: scrubber.clean
        })
      )
    if (reply.text === "") return { headers: reply.headers, body: undefined, receivedAt }
    const parsed = parseJson(reply.text)
    if (!parsed.ok)
      return yield* Effect.fail<GatewayError>(
        new GenesysUnavailable({
          reason: "malformed-reply",
          detail: `${exchange.what} was answered with ${reply.status} and a body that is not JSON.`,
          status: reply.status
        })
      )
    return { headers: reply.headers, body: parsed.value, receivedAt }
  })

  const client: GenesysClient = {
    call,
    authenticate: Effect.asVoid(tokens.current),
    budget: budget.seen,
    clockReading: Effect.sync(() => reading)
  }
  return client
})
