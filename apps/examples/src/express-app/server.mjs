// CampaignStateManager in an Express app, in plain JavaScript. It reads GENESYS_REGION,
// OAUTH_CLIENT_ID and OAUTH_CLIENT_SECRET from the environment.
import { CampaignctlError, CampaignStateManager } from "@campaignctl/manager"
import express from "express"

const manager = await CampaignStateManager.create({ requestedBy: "back office" })
const app = express()
app.use(express.json())

app.get("/campaigns/:id", async ({ params }, response) => {
  const { lock, name, state } = await manager.getCurrentState(params.id)
  response.json({ name, state, lock })
})

app.post("/campaigns/:id/pause", async ({ body, params }, response) => {
  const { from, outcome, state } = await manager.transitionState(params.id, "paused", body.reason, {
    note: body.note
  })
  response.json({ outcome, from, state })
})

app.post("/campaigns/:id/start", async ({ params }, response) => {
  const { from, outcome, state } = await manager.transitionState(params.id, "active")
  response.json({ outcome, from, state })
})

const STATUS = {
  REQUEST_INVALID: 400,
  CAMPAIGN_NOT_FOUND: 404,
  LOCK_CONFLICT: 409,
  TRANSITION_REJECTED: 422
}

// Express knows an error handler by its four parameters.
app.use((error, _request, response, next) => {
  if (!(error instanceof CampaignctlError)) return next(error)
  response.status(STATUS[error.code] ?? 503).json({ code: error.code, message: error.message })
})

const server = app.listen(Number(process.env.PORT ?? 0), "127.0.0.1", () => {
  console.log(`listening on http://127.0.0.1:${server.address().port}`)
})

// What has begun is finished, and the ledger knows of it, before the process ends.
process.once("SIGTERM", () => {
  server.close(async () => {
    await manager.close()
  })
})
