import { join } from "node:path"
import { inspect } from "node:util"
import { freshDatabase } from "@campaignctl/postgres-server/fresh"
import { expect, it } from "vitest"
import { CampaignStateManager } from "../src/index.ts"
import { simulatorProcess } from "./support/simulatorProcess.ts"
import { temporaryFolder } from "./support/temporaryFolder.ts"
import { thrownBy } from "./support/thrownBy.ts"

const DIALLING = "Spring Renewals UK"

it("shares a ledger on PostgreSQL between apps, and shows nobody its password", async () => {
  await using simulator = await simulatorProcess()
  using folder = temporaryFolder()
  const databaseUrl = await freshDatabase()
  const env = simulator.env("platform", join(folder.path, "unused.db"))
  const options = { env, databaseUrl, requestedBy: "ada" }
  await using one = await CampaignStateManager.create(options)
  await using other = await CampaignStateManager.create(options)
  const campaign = simulator.campaign(DIALLING)

  const paused = await one.transitionState(campaign, "paused", "COMPLIANCE")
  expect(paused).toMatchObject({ outcome: "applied", from: "active" })
  // What Genesys has no word for is known to the other from the ledger alone.
  expect(await other.getCurrentState(campaign)).toMatchObject({ pauseReason: "COMPLIANCE" })

  const wrong = new URL(databaseUrl)
  wrong.password = "hunter2"
  const error = await thrownBy(() =>
    CampaignStateManager.create({ ...options, databaseUrl: wrong.href })
  )
  expect(error).toMatchObject({ code: "AUDIT_UNAVAILABLE" })
  const { password } = new URL(databaseUrl)
  for (const secret of ["hunter2", password, decodeURIComponent(password)])
    expect(inspect([error, one], { depth: Infinity })).not.toContain(secret)
})
