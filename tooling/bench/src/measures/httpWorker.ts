import { createServer, type RequestListener } from "node:http"
import type { AddressInfo } from "node:net"
import { callersOpen, createApp, idempotencySql, nodeFetch, readinessOf } from "@campaignctl/http"
import { GatewayWorld } from "@campaignctl/core/testing"
import { layerSqliteClient } from "@campaignctl/ledger-sql"
import { startTelemetry } from "@campaignctl/telemetry"
import { getRequestListener } from "@hono/node-server"
import { Context, Effect, Exit, Layer, ManagedRuntime, Schema } from "effect"
import { Hono } from "hono"
import type { Serving } from "./http.ts"
import { memoryPorts } from "./transitions.ts"

// One contender in a process of its own, so that neither shares a heap or a compiler with the other.

const Id = Schema.Struct({ id: Schema.String.check(Schema.isUUID()) })
const Note = Schema.String.check(Schema.isPattern(/\S/), Schema.isMaxLength(2_000))
const Body = Schema.Struct({
  target: Schema.Literals(["active", "paused", "completed", "archived"]),
  reason: Schema.optionalKey(
    Schema.Literals(["AGENT_CAPACITY", "COMPLIANCE", "CUSTOMER_REQUEST", "OTHER"])
  ),
  note: Schema.optionalKey(Note),
  drain: Schema.optionalKey(Schema.Boolean),
  restart: Schema.optionalKey(Schema.Boolean),
  dryRun: Schema.optionalKey(Schema.Boolean)
})
const STRICT = { errors: "all", onExcessProperty: "error" } as const

/** The service as shipped, over ports in memory. */
const service = async () => {
  const ports = Layer.merge(
    memoryPorts,
    idempotencySql.pipe(Layer.provide(layerSqliteClient({ filename: ":memory:" })))
  )
  const runtime = ManagedRuntime.make(
    Layer.provideMerge(Layer.mergeAll(readinessOf(Effect.void), callersOpen("bench")), ports)
  )
  const context = await runtime.context()
  const world = Context.get(context, GatewayWorld)
  const id = await Effect.runPromise(
    world.addCampaign({ name: "Spring Renewals", state: "active" })
  )
  // As shipped: telemetry that nobody asked for.
  const { layer: telemetry } = await startTelemetry({})
  const layer = Layer.provideMerge(Layer.succeedContext(context), telemetry)
  const campaigns = createApp({ layer, ratePerMinute: null })
  return { app: campaigns.app, fetch: nodeFetch(campaigns), id }
}

/**
 * The same routes: the same validation of path and body by the same library, the same documents as
 * answers, made JSON for each. Nothing behind them, and none of the headers that the service adds of
 * its own accord: security headers, ETag, request id.
 */
const bare = async () => {
  const model = await service()
  const path = `/v1/campaigns/${model.id}`
  const detail: unknown = await (await model.app.request(path)).json()
  const outcome: unknown = await (
    await model.app.request(`${path}/transitions`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ target: "paused", reason: "OTHER", dryRun: true })
    })
  ).json()
  const app = new Hono()
  const idOk = (params: unknown): boolean =>
    Exit.isSuccess(Schema.decodeUnknownExit(Id, STRICT)(params))
  app.get("/v1/campaigns/:id", (context) =>
    idOk(context.req.param()) ? context.json(detail as object) : context.body(null, 400)
  )
  app.post("/v1/campaigns/:id/transitions", async (context) => {
    const body = Schema.decodeUnknownExit(Body, STRICT)(await context.req.json())
    return idOk(context.req.param()) && Exit.isSuccess(body)
      ? context.json(outcome as object)
      : context.body(null, 400)
  })
  return { fetch: (request: Request) => app.fetch(request), id: model.id }
}

const { fetch, id } = await (process.argv[2] === "bare" ? bare() : service())
const listener = getRequestListener((request, { incoming }) => fetch(request, incoming))
// The listener answers its errors itself; its promise never rejects.
const listen: RequestListener = (incoming, outgoing) => void listener(incoming, outgoing)
const server = createServer(listen)
server.listen(0, "127.0.0.1", () => {
  const { port } = server.address() as AddressInfo // it listens on TCP
  process.send?.({ port, id } satisfies Serving)
})
process.on("message", () => {
  globalThis.gc?.()
  process.send?.(process.memoryUsage().heapUsed)
})
process.on("disconnect", () => process.exit())
