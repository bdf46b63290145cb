import { settle } from "@campaignctl/core"
import { inServerSpan } from "@campaignctl/telemetry"
import { Cause, Effect, type Exit, type Fiber, type Layer, ManagedRuntime, Option } from "effect"
import { type Context, Hono } from "hono"
import { Callers } from "./callers/Callers.ts"
import { HttpProblem } from "./problems/HttpProblem.ts"
import { problemAnswer, type ServiceError } from "./problems/problemAnswer.ts"
import type { Answer } from "./routes/Answer.ts"
import {
  DEFAULT_BODY_LIMIT,
  DEFAULT_RATE_PER_MINUTE,
  type Deployment
} from "./routes/Deployment.ts"
import { admit } from "./routes/door.ts"
import { RateLimit } from "./routes/RateLimit.ts"
import { readBody } from "./routes/readBody.ts"
import { readQuery } from "./routes/readQuery.ts"
import { requestIdOf } from "./routes/requestId.ts"
import { Received } from "./routes/Received.ts"
import type { Route, RouteServices } from "./routes/Route.ts"
import { routes } from "./routes/routes.ts"
import { PAGE_POLICY } from "./docs/docsPage.ts"

/** Everything that the service stands on. */
export type AppServices = RouteServices | Callers

export interface AppOptions<E> {
  /** Built once, when the first request comes or `start` is called. */
  readonly layer: Layer.Layer<AppServices, E>
  /** The prefix under which the app is mounted, such as `/campaigns`. */
  readonly base?: string
  readonly requireIfMatch?: boolean
  /** Bytes of a request's body. */
  readonly bodyLimit?: number
  /** Requests a minute for one caller; null for no limit. */
  readonly ratePerMinute?: number | null
  /** The text of `/metrics`, as Prometheus reads it. */
  readonly metrics?: () => Promise<string>
}

/** The service as an app that a Hono app can mount: `parent.route("/prefix", campaigns.app)`. */
export interface CampaignApp {
  readonly app: Hono
  /**
   * Builds the layers, and settles what an earlier process left open in the ledger. Rejects where the
   * layers cannot be built.
   */
  readonly start: () => Promise<Started>
  /** From now on `/readyz` says no, event streams end, and connections are not kept. */
  readonly stop: () => void
  /** Requests that are being answered. */
  readonly running: () => number
  /** Interrupts what still runs, waits until the ledger knows what became of it, and lets go of everything. */
  readonly dispose: () => Promise<void>
}

/** What was found at the start. */
export interface Started {
  /** Whether callers need no credential. */
  readonly open: boolean
  /** Changes of an earlier process that were settled. */
  readonly settled: number
  /** Changes that could not be settled yet. */
  readonly postponed: number
}

/** Milliseconds for settling at the start: what Genesys does not answer in that time is left for later. */
const SETTLE_PATIENCE_MS = 30_000

const starting = Effect.gen(function* () {
  const { open } = yield* Callers
  const settled = yield* settle.pipe(
    Effect.timeoutOption(SETTLE_PATIENCE_MS),
    Effect.map(Option.getOrElse(() => [])),
    Effect.catch((error) =>
      Effect.as(Effect.logError("The ledger could not be settled.", error.message), [])
    )
  )
  const postponed = settled.filter(({ result }) => result === "postponed").length
  return { open, settled: settled.length - postponed, postponed } satisfies Started
})

const SECURITY_HEADERS: Readonly<Record<string, string>> = {
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
  "referrer-policy": "no-referrer",
  "cross-origin-resource-policy": "same-origin",
  "content-security-policy": PAGE_POLICY,
  "cache-control": "no-store"
}

const honoPath = ({ path }: Route): string => path.replaceAll(/\{(\w+)\}/g, ":$1")

const PATHS = routes.map(({ method, path }) => ({
  method,
  form: new RegExp(`^${path.replaceAll(".", "\\.").replaceAll(/\{\w+\}/g, "[^/]+")}$`)
}))

/** The methods of the routes that a path leads to. */
const methodsOf = (path: string): ReadonlyArray<string> => {
  const found = new Set(PATHS.flatMap(({ form, method }) => (form.test(path) ? [method] : [])))
  return found.has("GET")
    ? ["GET", "HEAD", ...[...found].filter((method) => method !== "GET")]
    : [...found]
}

const failed = (
  cause: Cause.Cause<ServiceError>,
  { caller, deployment, requestId, traceId }: Received
): Effect.Effect<Answer> => {
  const told = (error: ServiceError): Answer =>
    problemAnswer(error, {
      base: deployment.base,
      requestId,
      traceId,
      hideContextId: caller.divisionIds !== undefined
    })
  const error = Cause.findErrorOption(cause)
  if (Option.isSome(error) && error.value._tag === "OperationsUnavailable")
    return Effect.as(Effect.logError(error.value.message, { requestId }), told(error.value))
  if (Option.isSome(error)) return Effect.succeed(told(error.value))
  if (Cause.hasInterruptsOnly(cause))
    return Effect.succeed(
      told(new HttpProblem({ code: "NOT_READY", detail: "The service is shutting down." }))
    )
  return Effect.as(
    Effect.logError("A request failed by a defect.", { requestId }, Cause.pretty(cause)),
    told(new HttpProblem({ code: "UNEXPECTED" }))
  )
}

/** Whoever hangs up waits for nothing. */
const interruptOn = (signal: AbortSignal, fiber: Fiber.Fiber<unknown, unknown>): void => {
  const interrupt = () => fiber.interruptUnsafe()
  if (signal.aborted) return interrupt()
  signal.addEventListener("abort", interrupt, { once: true })
  fiber.addObserver(() => signal.removeEventListener("abort", interrupt))
}

/** Makes the app. Nothing is opened before the first request or `start`. */
export const createApp = <E>(options: AppOptions<E>): CampaignApp => {
  let stopping = false
  let running = 0
  const base = (options.base ?? "").replace(/\/+$/, "")
  const { metrics } = options
  const deployment: Deployment = {
    base,
    requireIfMatch: options.requireIfMatch ?? false,
    bodyLimit: options.bodyLimit ?? DEFAULT_BODY_LIMIT,
    ratePerMinute:
      options.ratePerMinute === null
        ? undefined
        : (options.ratePerMinute ?? DEFAULT_RATE_PER_MINUTE),
    ...(metrics === undefined ? {} : { metrics }),
    stopping: () => stopping
  }
  const limit =
    deployment.ratePerMinute === undefined ? undefined : new RateLimit(deployment.ratePerMinute)
  const runtime = ManagedRuntime.make(options.layer)

  /** Lets the request in, reads it, and has its route answer it. No generator: every request pays for it. */
  const worked = (
    route: Route,
    { req }: Context,
    incoming: Received
  ): Effect.Effect<Answer, ServiceError, AppServices> =>
    Effect.flatMap(admit(route, req.raw, limit), (caller) => {
      incoming.caller = caller
      return Effect.flatMap(readQuery(req.raw.url), (query) => {
        const path = req.param()
        return route.body === undefined
          ? route.handle({ path, query, body: undefined }, incoming)
          : Effect.flatMap(readBody(req.raw, deployment.bodyLimit), (body) =>
              route.handle({ path, query, body }, incoming)
            )
      })
    })

  const answered = (
    route: Route,
    context: Context,
    requestId: string
  ): Effect.Effect<Answer, never, AppServices> =>
    Effect.withFiber(({ cache: { span } }) => {
      const incoming = new Received(context.req.raw, requestId, deployment, span)
      return Effect.catchCause(worked(route, context, incoming), (cause) => failed(cause, incoming))
    }).pipe(
      inServerSpan({
        method: context.req.method,
        route: route.path,
        header: (name) => context.req.header(name)
      })
    )

  const respond = (answer: Answer, requestId: string): Response =>
    new Response(answer.body, {
      status: answer.status,
      headers: {
        ...SECURITY_HEADERS,
        ...answer.headers,
        "x-request-id": requestId,
        ...(stopping ? { connection: "close" } : {})
      }
    })

  const unanswerable = (
    code: "NOT_READY" | "ROUTE_NOT_FOUND" | "METHOD_NOT_ALLOWED",
    requestId: string,
    headers: Readonly<Record<string, string>> = {}
  ): Response =>
    respond(
      problemAnswer(new HttpProblem({ code, headers }), {
        base,
        requestId,
        traceId: null,
        hideContextId: false
      }),
      requestId
    )

  const ended = (exit: Exit.Exit<Answer, unknown>, requestId: string): Response => {
    running -= 1
    return exit._tag === "Success"
      ? respond(exit.value, requestId)
      : unanswerable("NOT_READY", requestId)
  }

  /** What is answered without waiting for anything is answered at once: a promise would only cost time. */
  const handler =
    (route: Route) =>
    (context: Context): Response | Promise<Response> => {
      const { headers } = context.req.raw
      const requestId = requestIdOf(headers.get("x-request-id"))
      running += 1
      const fiber = runtime.runFork(answered(route, context, requestId))
      const exit = fiber.pollUnsafe()
      if (exit !== undefined) return ended(exit, requestId)
      if (!route.runsToTheEnd) interruptOn(context.req.raw.signal, fiber)
      return new Promise<Exit.Exit<Answer, unknown>>((resolve) => {
        fiber.addObserver(resolve)
      }).then((exit) => ended(exit, requestId))
    }

  /** What no route takes: another method on a path that there is, or no such path. */
  const unmatched = ({ req }: Context): Response => {
    const requestId = requestIdOf(req.raw.headers.get("x-request-id"))
    const allow = methodsOf(req.path.startsWith(base) ? req.path.slice(base.length) : req.path)
    return allow.length === 0
      ? unanswerable("ROUTE_NOT_FOUND", requestId)
      : unanswerable("METHOD_NOT_ALLOWED", requestId, { allow: allow.join(", ") })
  }

  const app = new Hono()
  for (const route of routes) app.on(route.method, honoPath(route), handler(route))
  app.notFound(unmatched)
  // `notFound` is lost when another app mounts this one. Where none does, a second match would cost time.
  if (base !== "") app.all("*", unmatched)

  return {
    app,
    start: () => runtime.runPromise(starting),
    stop: () => {
      stopping = true
    },
    running: () => running,
    dispose: () => runtime.dispose()
  }
}
