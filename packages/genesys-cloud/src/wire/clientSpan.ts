import { attribute, outgoingTrace, type TraceHeaders } from "@campaignctl/core"
import { Data, Effect } from "effect"
import type { Route } from "../routes.ts"
import type { WireReply } from "./Transport.ts"

/** The ports that an address without one means. */
const DEFAULT_PORTS: Readonly<Record<string, number>> = { "http:": 80, "https:": 443 }

/** From this status on a client span has failed. Source: OpenTelemetry's semantic conventions for HTTP. */
const FAILED_FROM_STATUS = 400

/** Ends a span as failed; never leaves this file. */
class FailedReply extends Data.TaggedError("FailedReply")<{ readonly reply: Reply }> {}

type Reply = Pick<WireReply, "status" | "headers">

/** How requests to one address are traced. */
export interface ClientSpans {
  /** Runs one request within its span; the request is given the headers that continue the trace. */
  readonly around: <A extends Reply, E, R>(
    route: Route,
    sendsAgain: boolean,
    send: (trace: Readonly<Record<string, string>>) => Effect.Effect<A, E, R>
  ) => Effect.Effect<A, E, R>
}

/** Client spans for requests to an address. They tell the template of a path, and never the path. */
export const clientSpans = (address: string): ClientSpans => {
  const { hostname, port, protocol } = new URL(address)
  const server = {
    [attribute.serverAddress]: hostname,
    [attribute.serverPort]: port === "" ? (DEFAULT_PORTS[protocol] ?? 0) : Number(port)
  }
  return {
    around: <A extends Reply, E, R>(
      { method, template }: Route,
      sendsAgain: boolean,
      send: (trace: Readonly<Record<string, string>>) => Effect.Effect<A, E, R>
    ) =>
      Effect.flatMap(outgoingTrace, (trace) => send(sent(trace))).pipe(
        Effect.tap(({ headers, status }) =>
          Effect.annotateCurrentSpan({
            [attribute.httpStatus]: status,
            ...told(attribute.correlationId, headers["inin-correlation-id"]),
            ...(status < FAILED_FROM_STATUS ? {} : { [attribute.errorType]: String(status) })
          })
        ),
        Effect.flatMap((reply) =>
          reply.status < FAILED_FROM_STATUS
            ? Effect.succeed(reply)
            : Effect.fail(new FailedReply({ reply }))
        ),
        Effect.withSpan(`${method} ${template}`, {
          kind: "client",
          attributes: {
            [attribute.method]: method,
            [attribute.urlTemplate]: template,
            ...server,
            ...(sendsAgain ? { [attribute.resend]: 1 } : {})
          }
        }),
        Effect.catch((error) =>
          error instanceof FailedReply
            ? Effect.succeed(error.reply as A) // made of an A, a few lines above
            : Effect.fail(error)
        )
      )
  }
}

const sent = ({ traceparent, tracestate }: TraceHeaders): Readonly<Record<string, string>> => ({
  ...told("traceparent", traceparent),
  ...told("tracestate", tracestate)
})

const told = (name: string, value: string | undefined): Readonly<Record<string, string>> =>
  value === undefined ? {} : { [name]: value }
