import type { IncomingMessage } from "node:http"
import { isCollected, settle } from "@campaignctl/core"
import { inServerSpan, type Served, uncollectedSpan } from "@campaignctl/telemetry"
import { Cause, Effect, Exit, type Layer, ManagedRuntime, Option, Tracer } from "effect"
import { type Context, Hono } from "hono"
import { Callers } from "./callers/Callers.ts"
import { EmergencyHalts } from "./halt/EmergencyHalts.ts"
import { HttpProblem } from "./problems/HttpProblem.ts"
import { failed } from "./problems/failed.ts"
import { problemAnswer, type ServiceError } from "./problems/problemAnswer.ts"
import type { Answer } from "./routes/Answer.ts"
import {
  DEFAULT_BODY_LIMIT,
  DEFAULT_RATE_PER_MINUTE,
  type Deployment
} from "./routes/Deployment.ts"
import { admit } from "./routes/door.ts"
import { FixedFirst } from "./routes/FixedFirst.ts"
import { RateLimit } from "./routes/RateLimit.ts"
import { bodyAnnounced, parsedBody, readBody } from "./routes/readBody.ts"
import { readQuery } from "./routes/readQuery.ts"
import { requestIdOf } from "./routes/requestId.ts"
import { exitOf } from "./routes/exitOf.ts"
import { type Asked, Received } from "./routes/Received.ts"
import { Arrivals } from "./routes/Arrivals.ts"
import { headersOf, incomingOf, isUntouched } from "./routes/Sent.ts"
import type { Route, RouteServices } from "./routes/Route.ts"
import { honoPath, methodsOf } from "./routes/paths.ts"
import { routes } from "./routes/routes.ts"
import { SECURITY_HEADERS } from "./routes/securityHeaders.ts"
import { Callback, type CallbackFound } from "./webhooks/Callback.ts"

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
  /** Resolves once nothing is being stopped by a halt that this process runs without its database. */
  readonly halted: () => Promise<void>
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
  /** What became of the receiver that the configuration names. */
  readonly callback: CallbackFound
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
  const callback = yield* Effect.serviceOption(Callback)
  return {
    open,
    settled: settled.length - postponed,
    postponed,
    callback: Option.getOrElse(callback, (): CallbackFound => ({ _tag: "None" }))
  } satisfies Started
})

const haltsEnded = Effect.flatMap(
  Effect.serviceOption(EmergencyHalts),
  Option.match({ onNone: () => Effect.void, onSome: ({ ended }) => ended })
)

type Query = Readonly<Record<string, string>>

const servedBy = ({ path }: Route, { req }: Context, { header }: Asked): Served => ({
  method: req.method,
  route: path,
  header
})

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
  /** Whether nobody collects spans. Known from the first request on: what the app stands on does not change. */
  let uncollected = false
  const arrivals = new Arrivals()

  /** Lets the request in, and reads its query. No generator: every request pays for it. */
  const admitted = (route: Route, incoming: Received) =>
    Effect.flatMap(admit(route, incoming, limit), (caller) => {
      incoming.caller = caller
      return readQuery(incoming.url)
    })

  /** Lets the request in, reads it, and has its route answer it. */
  const worked = (
    route: Route,
    { req }: Context,
    incoming: Received
  ): Effect.Effect<Answer, ServiceError, AppServices> =>
    Effect.flatMap(admitted(route, incoming), (query) => {
      const path = req.param()
      return route.body === undefined
        ? route.handle({ path, query, body: undefined }, incoming)
        : Effect.flatMap(readBody(req.raw, incoming.header, deployment.bodyLimit), (body) =>
            route.handle({ path, query, body }, incoming)
          )
    })

  const answered = (
    route: Route,
    context: Context,
    asked: Asked
  ): Effect.Effect<Answer, never, AppServices> =>
    Effect.withFiber((fiber) => {
      uncollected = !isCollected(fiber)
      const incoming = new Received(context.req.raw, asked, deployment, fiber.cache.span)
      return Effect.catchCause(worked(route, context, incoming), (cause) => failed(cause, incoming))
    }).pipe(inServerSpan(servedBy(route, context, asked)))

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

  /**
   * Lets the request in, waits for its body, and then answers it: three steps, for a fiber that
   * waits costs more than two that do not. Only where no span is to cover them all.
   */
  const inSteps = (
    route: Route,
    context: Context,
    asked: Asked,
    from: IncomingMessage
  ): Response | Promise<Response> => {
    const { requestId } = asked
    const span = uncollectedSpan(servedBy(route, context, asked))
    const incoming = new Received(context.req.raw, asked, deployment, span)
    const { raw } = context.req
    /** With the span that every error and every entry of the ledger is to name. */
    const inSpan = <A>(work: Effect.Effect<A, never, AppServices>) =>
      Effect.provideService(work, Tracer.ParentSpan, span)
    const handled = (query: Query, bytes: Uint8Array | undefined): Response | Promise<Response> => {
      const work = Effect.flatMap(parsedBody(bytes), (body) =>
        route.handle({ path: context.req.param(), query, body }, incoming)
      )
      return exitOf(
        runtime.runFork(inSpan(Effect.catchCause(work, (cause) => failed(cause, incoming)))),
        route,
        raw,
        (exit) => ended(exit, requestId)
      )
    }
    const door = Effect.matchCauseEffect(
      Effect.flatMap(admitted(route, incoming), (query) =>
        Effect.map(bodyAnnounced(asked.header, deployment.bodyLimit), (length = 0) => ({
          _tag: "Admitted" as const,
          query,
          length
        }))
      ),
      {
        onFailure: (cause) =>
          Effect.map(inSpan(failed(cause, incoming)), (answer) => ({
            _tag: "Refused" as const,
            answer
          })),
        onSuccess: Effect.succeed
      }
    )
    return exitOf(runtime.runFork(door), route, raw, (exit) => {
      if (exit._tag === "Failure") return ended(Exit.failCause(exit.cause), requestId)
      if (exit.value._tag === "Refused") return ended(Exit.succeed(exit.value.answer), requestId)
      const { length, query } = exit.value
      return arrivals
        .next(raw, from, length)
        .then((bytes) =>
          bytes === "stopped"
            ? ended(Effect.runSyncExit(failed(Cause.interrupt(), incoming)), requestId)
            : handled(query, bytes)
        )
    })
  }

  const handler =
    (route: Route) =>
    (context: Context): Response | Promise<Response> => {
      const { raw } = context.req
      const from = incomingOf(context.env, raw)
      const header = headersOf(raw, from)
      const asked = { header, requestId: requestIdOf(header("x-request-id")) }
      running += 1
      return route.body !== undefined && uncollected && from !== undefined && isUntouched(from)
        ? inSteps(route, context, asked, from)
        : exitOf(runtime.runFork(answered(route, context, asked)), route, raw, (exit) =>
            ended(exit, asked.requestId)
          )
    }

  /** What no route takes: another method on a path that there is, or no such path. */
  const unmatched = ({ req }: Context): Response => {
    const requestId = requestIdOf(req.raw.headers.get("x-request-id") ?? undefined)
    const allow = methodsOf(req.path.startsWith(base) ? req.path.slice(base.length) : req.path)
    return allow.length === 0
      ? unanswerable("ROUTE_NOT_FOUND", requestId)
      : unanswerable("METHOD_NOT_ALLOWED", requestId, { allow: allow.join(", ") })
  }

  const app = new Hono({ router: new FixedFirst() })
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
    halted: () => runtime.runPromise(Effect.ignore(haltsEnded)).catch(() => undefined),
    dispose: async () => {
      await arrivals.stop()
      await runtime.dispose()
    }
  }
}
