import {
  attribute,
  bareSpan,
  callersSpan,
  continuingTrace,
  isCollected,
  type TraceHeaders
} from "@campaignctl/core"
import { Effect, Tracer } from "effect"

/** A request that is being served. */
export interface Served {
  readonly method: string
  /** The route's template, such as `/v1/campaigns/{id}`; never the path. */
  readonly route: string
  /** Reads one of the request's headers. */
  readonly header: (name: string) => string | undefined
}

/** From this status on a server span has failed. Source: OpenTelemetry's semantic conventions for HTTP. */
const FAILED_FROM_STATUS = 500

/** Methods that are told; any other is somebody's invention, and told as `_OTHER`. Source: the same conventions. */
const METHODS: ReadonlySet<string> = new Set([
  "CONNECT",
  "DELETE",
  "GET",
  "HEAD",
  "OPTIONS",
  "PATCH",
  "POST",
  "PUT",
  "TRACE"
])

const known = (method: string): string => (METHODS.has(method) ? method : "_OTHER")

const nameOf = ({ method, route }: Served): string => {
  const told = known(method)
  return `${told === "_OTHER" ? "HTTP" : told} ${route}`
}

const traceOf = ({ header }: Served): TraceHeaders => {
  const traceparent = header("traceparent")
  return traceparent === undefined ? {} : { traceparent, tracestate: header("tracestate") }
}

/**
 * Serves a request within a span of its own, as a part of the caller's trace.
 *
 * The span tells the method, the route's template and the status: no path, no query, no address.
 * Where nobody collects spans it tells nothing, and is there for its trace id alone.
 */
export const inServerSpan =
  (served: Served) =>
  <A extends { readonly status: number }, E, R>(
    serve: Effect.Effect<A, E, R>
  ): Effect.Effect<A, E, R> => {
    const collected = () =>
      serve.pipe(
        Effect.tap(({ status }) =>
          Effect.annotateCurrentSpan({
            [attribute.httpStatus]: status,
            ...(status < FAILED_FROM_STATUS ? {} : { [attribute.errorType]: String(status) })
          })
        ),
        Effect.withSpan(nameOf(served), {
          kind: "server",
          attributes: { [attribute.method]: known(served.method), [attribute.route]: served.route }
        }),
        // The span's parent goes out of the requirements, which a generic R cannot show.
        (within) => within as Effect.Effect<A, E, R>,
        continuingTrace(traceOf(served))
      )
    return Effect.withFiber((fiber) =>
      isCollected(fiber)
        ? collected()
        : Effect.provideService(serve, Tracer.ParentSpan, uncollectedSpan(served))
    )
  }

/** The span of a request where nobody collects spans, for what is done in several steps. Its ids are made when they are asked for. */
export const uncollectedSpan = (served: Served): Tracer.Span =>
  bareSpan(nameOf(served), "server", callersSpan(traceOf(served)))
