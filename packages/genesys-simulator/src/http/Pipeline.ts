import type { HttpBindings } from "@hono/node-server"
import type { Context } from "hono"
import { isJsonObject, stringField } from "../Json.ts"
import type { SimulatorState } from "../SimulatorState.ts"
import { Refusal } from "../world/Refusal.ts"
import { refusalAnswer, refuse } from "./ApiAnswer.ts"
import type { ApiAnswer } from "./ApiAnswer.ts"
import { deliveryOf, rateLimitedAnswer, strike } from "./FaultEffects.ts"
import type { Fault } from "./Faults.ts"
import { rateHeaders } from "./RateLimit.ts"
import type { RateState } from "./RateLimit.ts"
import type { RequestEntry } from "./RequestLog.ts"
import { template } from "./Route.ts"
import type { ApiRequest, Route } from "./Route.ts"
import type { Token } from "./Tokens.ts"
import { transmit } from "./Transmission.ts"

export type SimulatorContext = Context<{ Bindings: HttpBindings }>

const BEARER = /^Bearer\s+(\S+)$/i

const authenticate = (state: SimulatorState, authorization: string | undefined): Token => {
  const text = BEARER.exec(authorization ?? "")?.[1]
  if (text === undefined) throw refuse("authentication.required")
  const token = state.tokens.find(text, state.clock.wallNow())
  if (token === undefined) throw refuse("bad.credentials")
  return token
}

const authorize = (
  state: SimulatorState,
  route: Route | undefined,
  token: Token | undefined
): void => {
  if (route === undefined || route.access === "public") return
  if (route.scope !== undefined && token?.scopes !== undefined && !token.scopes.has(route.scope)) {
    throw refuse(
      "app.not.authorized.for.scope",
      `The application is not authorized for the scope ${route.scope}.`
    )
  }
  if (route.access !== "token") state.permissions.require(route.access)
}

interface Exchange {
  readonly state: SimulatorState
  readonly route: Route | undefined
  readonly entry: RequestEntry
  readonly request: Omit<ApiRequest, "token">
  faults: ReadonlyArray<Fault>
  rate: RateState | undefined
}

/** The answer to one request: token, rate, faults, permission, then the route itself. */
const answerTo = async (exchange: Exchange): Promise<ApiAnswer> => {
  const { state, route, entry } = exchange
  const { correlationId } = entry
  const open = route?.access === "public"
  const token = open ? undefined : authenticate(state, exchange.request.header("authorization"))
  if (token !== undefined) {
    entry.client = token.clientId
    entry.contract = token.contract
    exchange.rate = state.rate.count(token.text, state.clock.wallNow())
    if (exchange.rate?.exceeded === true)
      return rateLimitedAnswer(String(exchange.rate.resetSeconds), correlationId)
  }
  exchange.faults = state.faults.take(entry.method, entry.route, entry.campaignId)
  entry.faults.push(...exchange.faults.map((fault) => fault.id))
  const scene = { state, token, campaignId: entry.campaignId, correlationId }
  const early = await strike(scene, exchange.faults, "before")
  if (early !== undefined) return early
  // Nothing took effect, so nothing may.
  if (exchange.faults.some((fault) => fault.request.kind === "resetBefore")) return { status: 0 }
  state.catchUp()
  authorize(state, route, token)
  if (route === undefined) throw refuse("not.found")
  const answer = route.handle(state, { ...exchange.request, token })
  return (await strike(scene, exchange.faults, "after")) ?? answer
}

const codeOf = (answer: ApiAnswer): string | null =>
  answer.status >= 400 && isJsonObject(answer.body)
    ? (stringField(answer.body, "code") ?? null)
    : null

/** Serves one request of the API from its first byte to its log entry. `route` is undefined when none matched. */
export const serveRequest = async (
  state: SimulatorState,
  route: Route | undefined,
  context: SimulatorContext
): Promise<Response> => {
  const url = new URL(context.req.url)
  const text = await context.req.text()
  state.catchUp()
  const correlationId = state.ids.guid()
  const campaignId = context.req.param("id") ?? null
  const entry = state.requests.begin({
    time: new Date(state.world.now).toISOString(),
    method: context.req.method,
    path: url.pathname,
    query: url.search,
    route: route === undefined ? null : template(route),
    campaignId: route?.path.includes("/outbound/campaigns/:id") === true ? campaignId : null,
    correlationId,
    traceparent: context.req.header("traceparent") ?? null,
    idempotencyKey: context.req.header("idempotency-key") ?? null
  })
  const request = {
    params: context.req.param(),
    query: url.searchParams,
    header: (name: string) => context.req.header(name),
    text,
    correlationId
  }
  const exchange: Exchange = { state, route, entry, request, faults: [], rate: undefined }
  let answer: ApiAnswer
  try {
    answer = await answerTo(exchange)
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    answer = refusalAnswer(error, correlationId)
  }
  const delivery = deliveryOf(exchange.faults)
  if (delivery !== "reset") entry.status = answer.status
  entry.code = codeOf(answer)
  const headers = {
    Date: new Date(state.serverTime()).toUTCString(),
    "ININ-Correlation-Id": correlationId,
    ...(exchange.rate === undefined ? {} : rateHeaders(exchange.rate))
  }
  return transmit(context.env, answer, headers, delivery)
}
