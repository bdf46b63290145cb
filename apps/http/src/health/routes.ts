import { Effect, Schema } from "effect"
import { unbound } from "../callers/unbound.ts"
import { HttpProblem } from "../problems/HttpProblem.ts"
import { json } from "../routes/Answer.ts"
import { ignored, noBody, none, route } from "../routes/Route.ts"
import { Readiness } from "./Readiness.ts"

const Health = Schema.Struct({ status: Schema.Literal("ok") }).annotate({ identifier: "Health" })
const OK: typeof Health.Type = { status: "ok" }

export const healthRoutes = [
  route({
    method: "GET",
    path: "/healthz",
    operationId: "healthz",
    summary: "Whether the process is alive.",
    scope: "public",
    params: none,
    query: ignored,
    body: noBody,
    success: { description: "It is.", mediaTypes: { "application/json": Health } },
    problems: [],
    run: () => Effect.succeed(json(OK))
  }),
  route({
    method: "GET",
    path: "/readyz",
    operationId: "readyz",
    summary: "Whether the service can work: the ledger can be written, Genesys grants a token.",
    scope: "public",
    params: none,
    query: ignored,
    body: noBody,
    success: { description: "It can.", mediaTypes: { "application/json": Health } },
    problems: ["NOT_READY"],
    run: (_, { deployment }) =>
      deployment.stopping()
        ? Effect.fail(
            new HttpProblem({ code: "NOT_READY", detail: "The service is shutting down." })
          )
        : Effect.flatMap(Readiness, ({ check }) => check).pipe(
            Effect.as(json(OK)),
            Effect.mapError(
              ({ message, page }) =>
                new HttpProblem({
                  code: "NOT_READY",
                  detail: message,
                  parts: { lastCode: page.code }
                })
            )
          )
  }),
  route({
    method: "GET",
    path: "/metrics",
    operationId: "metrics",
    summary: "The service's metrics as Prometheus reads them.",
    scope: "admin",
    params: none,
    query: ignored,
    body: noBody,
    success: { description: "The metrics.", mediaTypes: { "text/plain": Schema.String } },
    problems: ["DIVISION_BOUND", "METRICS_NOT_CONFIGURED"],
    run: Effect.fnUntraced(function* (_, { caller, deployment: { metrics } }) {
      yield* unbound(caller)
      if (metrics === undefined) return yield* new HttpProblem({ code: "METRICS_NOT_CONFIGURED" })
      return {
        status: 200,
        headers: { "content-type": "text/plain; version=0.0.4; charset=utf-8" },
        body: yield* Effect.promise(metrics)
      }
    })
  })
]
