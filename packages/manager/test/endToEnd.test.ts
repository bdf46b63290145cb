import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { inspect } from "node:util"
import { expect, it } from "vitest"
import { CampaignStateManager } from "../src/index.ts"
import { collect } from "./support/collect.ts"
import { CANARY_SECRET, simulatorProcess } from "./support/simulatorProcess.ts"
import { temporaryFolder } from "./support/temporaryFolder.ts"
import { thrownBy } from "./support/thrownBy.ts"

/** A campaign that dials, and one that is off and has a queue. */
const DIALLING = "Spring Renewals UK"
const OFF = "Winback Lapsed Customers"
/** One that has a callable time set of its own. */
const WITH_TIME_SET = "Collections Early Stage"

/** Seconds of the simulated Retry-After: the shortest that the header can say. */
const RETRY_AFTER_SECONDS = 1

const DAY_MS = 86_400_000

const contracts = ["platform", "etag"] as const

it.each(contracts)(
  "carries campaigns through the main job on the %s contract",
  async (contract) => {
    await using simulator = await simulatorProcess()
    using folder = temporaryFolder()
    await using manager = await CampaignStateManager.create({
      env: simulator.env(contract, join(folder.path, "ledger.db")),
      requestedBy: "ada"
    })
    const dialling = simulator.campaign(DIALLING)
    const off = simulator.campaign(OFF)

    const list = await collect(manager.listCampaigns())
    expect(list).toHaveLength(simulator.ready.campaigns.length)
    expect(list.find(({ id }) => id === dialling)).toMatchObject({
      state: "active",
      name: DIALLING
    })

    const paused = await manager.transitionState(dialling, "paused", "AGENT_CAPACITY")
    expect(paused).toMatchObject({ outcome: "applied", from: "active", attempts: 1 })
    const drained = await manager.awaitDrain(dialling, { timeoutMs: 30_000 })
    expect(drained).toMatchObject({ outcome: contract === "platform" ? "drained" : "not-shown" })
    expect(await manager.getCurrentState(dialling)).toMatchObject({
      state: "paused",
      pauseReason: "AGENT_CAPACITY"
    })

    await simulator.agents(off, 1)
    const refusal = await thrownBy(() => manager.transitionState(off, "active"))
    expect(refusal).toMatchObject({
      code: "TRANSITION_REJECTED",
      violations: [{ guard: "capacity", status: "failed" }]
    })
    await simulator.agents(off, 5)
    expect(await manager.explain(off, "active")).toMatchObject({
      outcome: "allowed",
      violations: []
    })

    const campaign = "/api/v2/outbound/campaigns/:id"
    const write = `${contract === "platform" ? "PUT" : "PATCH"} ${campaign}`
    await simulator.control.fault({
      kind: "otherWriter",
      route: write,
      fields: { priority: 3 }
    })
    await simulator.control.fault({
      kind: "rateLimited",
      route: `GET ${campaign}`,
      retryAfter: String(RETRY_AFTER_SECONDS)
    })
    const activated = await manager.transitionState(off, "active")
    expect(activated).toMatchObject({ outcome: "applied", state: "active", attempts: 2 })
    expect(await simulator.control.requests({ status: 429 })).toHaveLength(1)
    expect(await simulator.control.requests({ status: 409 })).toHaveLength(1)

    await simulator.control.fault({ kind: "resetAfter", route: write })
    const completed = await manager.transitionState(off, "completed")
    expect(completed).toMatchObject({ outcome: "applied", attempts: 1 })
    await manager.awaitDrain(off, { timeoutMs: 30_000 })
    expect(await manager.transitionState(off, "archived")).toMatchObject({ state: "archived" })
    expect(await manager.getCurrentState(off)).toMatchObject({ state: "archived" })

    const trail = await collect(manager.auditTrail({ campaignId: off }))
    expect(trail.map(({ kind, outcome }) => [kind, outcome])).toEqual([
      ["rejection", "rejected"],
      ["intent", null],
      ["outcome", "applied"],
      ["intent", null],
      ["outcome", "applied"],
      ["intent", null],
      ["outcome", "applied"]
    ])
    expect(new Set(trail.map(({ requestedBy }) => requestedBy))).toEqual(new Set(["ada"]))
    expect(await manager.verifyAudit()).toMatchObject({ intact: true, entries: 9 })
  }
)

it("registers the configured webhook where the contract has webhooks, and says so where not", async () => {
  await using simulator = await simulatorProcess()
  using folder = temporaryFolder()
  const ledger = join(folder.path, "ledger.db")
  await using etag = new CampaignStateManager({ env: simulator.env("etag", ledger) })
  expect(await etag.registerWebhook()).toMatchObject({ alreadyRegistered: false })
  expect(await etag.registerWebhook()).toEqual({ id: "existing", alreadyRegistered: true })
  const { webhooks } = await simulator.control.state()
  expect(webhooks).toMatchObject([{ endpoint: "https://wfm.example/campaigns" }])
  await using platform = new CampaignStateManager({ env: simulator.env("platform", ledger) })
  expect(await thrownBy(() => platform.registerWebhook())).toMatchObject({
    code: "REQUEST_INVALID"
  })
})

it("keeps one ledger whole for two managers in one process, and lets one change win", async () => {
  await using simulator = await simulatorProcess()
  using folder = temporaryFolder()
  const env = simulator.env("platform", join(folder.path, "ledger.db"))
  const [first, second] = await Promise.all([
    CampaignStateManager.create({ env, requestedBy: "first" }),
    CampaignStateManager.create({ env, requestedBy: "second" })
  ])
  const id = simulator.campaign(DIALLING)
  const outcomes = await Promise.all([
    first.transitionState(id, "paused", "OTHER"),
    second.transitionState(id, "paused", "OTHER")
  ])
  expect(new Set(outcomes.map(({ outcome }) => outcome))).toContain("applied")
  const writes = await simulator.control.writes({ by: "api" })
  expect(writes.filter(({ from }) => from === "on")).toHaveLength(1)
  await first.close()
  expect(await second.verifyAudit()).toMatchObject({ intact: true })
  const trail = await collect(second.auditTrail())
  expect(new Set(trail.map(({ requestedBy }) => requestedBy))).toEqual(new Set(["first", "second"]))
  await second.close()
})

it("takes a campaign's own callable time set for its window, closed on the configured holidays", async () => {
  await using simulator = await simulatorProcess()
  using folder = temporaryFolder()
  const env = simulator.env("platform", join(folder.path, "ledger.db"))
  const verdictFor = async (campaign: string, holidays: ReadonlyArray<string>) => {
    await using manager = new CampaignStateManager({ env, callingWindow: "genesys", holidays })
    const id = simulator.campaign(campaign)
    await manager.transitionState(id, "paused", "OTHER")
    await manager.awaitDrain(id, { timeoutMs: 30_000 })
    const { verdicts } = await manager.explain(id, "active")
    return verdicts.find(({ guard }) => guard === "callingWindow")
  }
  const [yesterday, today, tomorrow] = [-1, 0, 1].map((days) =>
    new Date(Date.now() + days * DAY_MS).toISOString().slice(0, 10)
  )
  const always = await verdictFor(WITH_TIME_SET, [])
  expect(always?.detail).toMatch(/Europe\/London .*Europe\/Dublin /)
  const closed = await verdictFor(WITH_TIME_SET, [yesterday, today, tomorrow].map(String))
  expect(closed).toMatchObject({ status: "failed", detail: expect.stringContaining("holiday") })
  const without = await verdictFor(OFF, [])
  expect(without).toMatchObject({ status: "unknown" })
})

it("tells no secret, whatever fails", async () => {
  await using simulator = await simulatorProcess()
  using folder = temporaryFolder()
  const ledger = join(folder.path, "ledger.db")
  const env = simulator.env("platform", ledger)
  const id = simulator.campaign(DIALLING)
  const reset = { kind: "resetBefore", count: "always" } as const
  const wrong = { ...env, CAMPAIGNCTL_RETRY_DEADLINE_MS: "1" }
  const errors: Array<unknown> = []
  const failing = async (options: Readonly<Record<string, string>>) => {
    await using manager = new CampaignStateManager({ env: { ...wrong, ...options } })
    errors.push(await thrownBy(() => manager.transitionState(id, "paused", "OTHER")))
    return errors.at(-1)
  }
  expect(await failing({ OAUTH_CLIENT_ID: "somebody-else" })).toMatchObject({
    name: "NotAuthenticatedError"
  })
  expect(await failing({ CAMPAIGNCTL_DATABASE_URL: `file:${folder.path}` })).toMatchObject({
    name: "AuditUnavailableError"
  })
  expect(await failing({ GENESYS_REGION: CANARY_SECRET })).toMatchObject({
    name: "ConfigInvalidError"
  })
  await simulator.control.fault(reset)
  expect(await failing({})).toMatchObject({ name: "GenesysUnavailableError" })
  await simulator.control.clearFaults()
  await simulator.control.permissions({ revoke: ["outbound:campaign:edit"] })
  expect(await failing({})).toMatchObject({
    name: "PermissionMissingError",
    permission: "outbound:campaign:edit"
  })
  const told = errors.map((error) => `${inspect(error, { depth: 9 })}${JSON.stringify(error)}`)
  const files = readdirSync(folder.path).map((name) =>
    readFileSync(join(folder.path, name), "latin1")
  )
  expect(files.join("")).toContain("PERMISSION_MISSING")
  expect([...told, ...files].join("")).not.toContain(CANARY_SECRET)
})
