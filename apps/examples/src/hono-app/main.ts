import { parseConfig } from "@campaignctl/core"
import { createApp, readHttpConfig, serviceLayer } from "@campaignctl/http"
import { serve } from "@hono/node-server"
import { Result } from "effect"
import { Hono } from "hono"

/** A Hono app of somebody's own that has campaignctl's routes under `/dialling`. */
const config = Result.getOrThrow(
  parseConfig(process.env, {}, { ledgerFile: process.env["LEDGER"] ?? "campaignctl.db" })
)
const http = Result.getOrThrow(readHttpConfig(process.env))
const dialling = createApp({ base: "/dialling", layer: serviceLayer(config, http) })
await dialling.start()

const app = new Hono()
app.get("/", (context) => context.text("the company's own page"))
app.route("/dialling", dialling.app)

const server = serve({ fetch: app.fetch, port: 0, hostname: "127.0.0.1" }, ({ port }) => {
  console.log(`listening on http://127.0.0.1:${port}`)
})

process.once("SIGTERM", () => {
  dialling.stop()
  server.close(() => void dialling.dispose())
})
