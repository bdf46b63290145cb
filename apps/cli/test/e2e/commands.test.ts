import { describe, expect, it } from "vitest"
import { type Contract, useWorld } from "../support/World.ts"

/** Short calls, so that a drain is over soon. */
const world = useWorld(["--call-seconds", "0.5-1"])

describe.each<Contract>(["platform", "etag"])("on the %s contract", (contract) => {
  it("lists every campaign, and filters by state, name, queue and division", async () => {
    const env = world().env(contract)
    const all = await world().json(["get"], env)
    expect(all).toMatchObject({ exitCode: 0, stderr: "" })
    expect(all.document).toHaveLength((await world().control.state()).campaigns.length)
    const some = await world().json(["get", "--name", "winback"], env)
    expect(some.document.map(({ name }: { name: string }) => name)).toEqual([
      "Winback Lapsed Customers"
    ])
    const none = await world().json(["get", "--state", "archived"], env)
    expect(none).toMatchObject({ exitCode: 0, document: [] })
  })

  it("gives one document for one campaign and a list for several, in the order asked", async () => {
    const env = world().env(contract)
    const [one, two] = [world().idOf("Mortgage Leads"), world().idOf("After-Service Survey")]
    const single = await world().json(["get", one], env)
    expect(single.document).toMatchObject({ id: one, name: "Mortgage Leads" })
    const several = await world().json(["get", two, one], env)
    expect(several.document.map(({ id }: { id: string }) => id)).toEqual([two, one])
  })

  it("goes through a life: pause, resume, complete, restart refused, archive", async () => {
    const env = world().env(contract)
    const { id } = await world().control.addCampaign({
      name: `Life ${contract}`,
      status: "on",
      dialingMode: "agentless"
    })
    const step = async (words: ReadonlyArray<string>) => {
      const { document, exitCode, stderr } = await world().json(words, env)
      return { exitCode, outcome: document.outcome, from: document.from, to: document.to, stderr }
    }
    expect(await step(["pause", id, "--reason", "COMPLIANCE", "--note", "n"])).toMatchObject({
      exitCode: 0,
      outcome: "applied",
      from: "active",
      to: "paused"
    })
    await world().control.changeCampaign(id, { outstandingCalls: 0 })
    await world().control.advance(1)
    expect(await step(["pause", id, "--reason", "OTHER"])).toMatchObject({
      exitCode: 0,
      outcome: "already-there"
    })
    expect(await step(["resume", id])).toMatchObject({ exitCode: 0, outcome: "applied" })
    expect(await step(["transition", id, "--to", "completed"])).toMatchObject({
      exitCode: 0,
      outcome: "applied",
      to: "completed"
    })
    await world().control.changeCampaign(id, { outstandingCalls: 0 })
    await world().control.advance(1)
    expect(await step(["resume", id])).toMatchObject({ exitCode: 3, outcome: "rejected" })
    expect(await step(["archive", id])).toMatchObject({ exitCode: 0, outcome: "applied" })
    expect(await step(["complete", id])).toMatchObject({ exitCode: 3, outcome: "rejected" })
    const verified = await world().json(["audit", "verify"], env)
    expect(verified).toMatchObject({ exitCode: 0, document: { result: "intact", sound: true } })
  })

  it("refuses an activation with every reason at once, by the same words in explain and resume", async () => {
    const id = world().idOf("Night Shift Follow-up")
    const hour = (new Date().getUTCHours() + 6) % 23
    const at = (value: number) => `${String(value).padStart(2, "0")}:00`
    const env = world().env(contract, {
      CAMPAIGNCTL_CALLING_WINDOW: `${at(hour)}-${at(hour + 1)} UTC`
    })
    await world().control.agents(await world().queueOf("Night Shift"), 0)
    const before = await world().writes()
    const resumed = await world().json(["resume", id], env)
    expect(resumed.exitCode).toBe(3)
    expect(resumed.document.error.violations.map(({ guard }: { guard: string }) => guard)).toEqual([
      "capacity",
      "callingWindow"
    ])
    expect(resumed.stderr).toContain("✗ capacity:")
    expect(resumed.stderr).toContain("✗ callingWindow:")
    expect(resumed.stderr).toContain("TRANSITION_REJECTED")
    const explained = await world().json(["explain", id, "--to", "active"], env)
    expect(explained).toMatchObject({ exitCode: 3, document: { outcome: "rejected" } })
    const dry = await world().json(["resume", id, "--dry-run"], env)
    expect(dry).toMatchObject({ exitCode: 3, document: { dryRun: true, outcome: "rejected" } })
    const overridden = ["--override", "capacity", "--override", "callingWindow", "--note", "agreed"]
    const allowed = await world().json(["resume", id, "--dry-run", ...overridden], env)
    expect(allowed).toMatchObject({ exitCode: 0, document: { outcome: "would-apply" } })
    expect(await world().writes()).toBe(before)
    // The refusal alone is in the ledger: explaining and trying out leave no trace.
    const audit = await world().json(["audit", "list"], env)
    expect(audit.document.map(({ kind }: { kind: string }) => kind)).toEqual(["rejection"])
    const done = await world().json(["resume", id, ...overridden], env)
    expect(done).toMatchObject({ exitCode: 0, document: { outcome: "applied" } })
    await world().control.changeCampaign(id, { status: "off" })
  })

  it("waits out a 429 and survives another writer, and says so", async () => {
    const env = world().env(contract)
    const { id } = await world().control.addCampaign({
      name: `Busy ${contract}`,
      status: "on",
      dialingMode: "agentless"
    })
    const method = contract === "platform" ? "PUT" : "PATCH"
    await world().control.fault({ kind: "otherWriter", method, campaignId: id })
    await world().control.fault({
      kind: "rateLimited",
      retryAfter: "1",
      method,
      campaignId: id,
      after: 1
    })
    const ran = await world().json(["pause", id, "--reason", "OTHER"], env)
    expect(ran.document).toMatchObject({ outcome: "applied", attempts: 3 })
    expect(ran.stderr).toContain("was changed by somebody else")
    expect(ran.stderr).toContain("waits 1.0 s, as Genesys asks")
    const quiet = await world().run(["resume", id, "--quiet"], env)
    expect(quiet).toMatchObject({ exitCode: 0, stderr: "" })
  })

  it("names what is missing when several are asked for and one is not there", async () => {
    const env = world().env(contract)
    const known = world().idOf("Winback Lapsed Customers")
    const unknown = "00000000-0000-4000-8000-000000000001"
    const got = await world().json(["get", known, unknown], env)
    expect(got.exitCode).toBe(9)
    expect(got.document[1]).toMatchObject({ id: unknown, error: { code: "CAMPAIGN_NOT_FOUND" } })
    const paused = await world().json(["pause", known, unknown, "--reason", "OTHER"], env)
    expect(paused.exitCode).toBe(9)
    expect(paused.document.map(({ outcome }: { outcome: string }) => outcome)).toEqual([
      "already-there",
      "failed"
    ])
  })
})

describe("the drain", () => {
  it("is waited for, and said to have ended", async () => {
    const env = world().env()
    const id = world().idOf("Spring Renewals UK")
    const ran = await world().json(["pause", "--wait", id, "--reason", "CUSTOMER_REQUEST"], env)
    expect(ran).toMatchObject({ exitCode: 0, document: { drained: true, state: "paused" } })
    expect(ran.stderr).toContain("drains")
  })

  it("ends with 9 and a sentence when the wait was too short, and the pause stands", async () => {
    const env = world().env()
    const id = world().idOf("Collections Early Stage")
    await world().control.changeCampaign(id, { outstandingCalls: 5, callSeconds: 600 })
    const ran = await world().json(["pause", id, "--reason", "OTHER", "--wait=1s"], env)
    expect(ran).toMatchObject({
      exitCode: 9,
      document: { outcome: "applied", drained: false, drain: { result: "still-draining" } }
    })
    expect(ran.stderr).toContain("The change was made, but calls still run")
  })

  it("cannot be shown by the ETag contract, which is said", async () => {
    const env = world().env("etag")
    const { id } = await world().control.addCampaign({
      name: "Unshown",
      status: "on",
      dialingMode: "agentless"
    })
    const ran = await world().json(["pause", id, "--reason", "OTHER", "--wait"], env)
    expect(ran).toMatchObject({ exitCode: 0, document: { drained: null } })
    expect(ran.stderr).toContain("does not tell whether calls still run")
  })
})

describe("the other commands", () => {
  it("describe a campaign with its history", async () => {
    const env = world().env()
    const id = world().idOf("Appointment Reminders")
    await world().run(["resume", id], env)
    const { document } = await world().json(["describe", id], env)
    expect(document).toMatchObject({ id, state: "active", transitions: { paused: "allowed" } })
    expect(document.history).toHaveLength(2)
    const text = await world().run(["describe", id], env)
    expect(text.stdout).toContain("May become")
  })

  it("register a webhook on the ETag contract, twice without harm, and refuse it on the other", async () => {
    const env = world().env("etag", { WEBHOOK_CALLBACK_URL: "https://example.com/hook" })
    expect(await world().json(["webhook", "register"], env)).toMatchObject({
      exitCode: 0,
      document: { existed: false }
    })
    expect(await world().json(["webhook", "register"], env)).toMatchObject({
      exitCode: 0,
      document: { id: "existing", existed: true }
    })
    const refused = await world().json(["webhook", "register", "--contract", "platform"], env)
    expect(refused).toMatchObject({ exitCode: 2, document: { error: { code: "REQUEST_INVALID" } } })
  })

  it("write YAML that says what JSON says", async () => {
    const env = world().env()
    const id = world().idOf("Mortgage Leads")
    const { stdout } = await world().run(["get", id, "-o", "yaml"], env)
    expect(stdout).toContain(`id: ${id}`)
    expect(stdout).toContain("state: invalid")
  })

  it("explain every error code", async () => {
    const env = world().env()
    const all = await world().json(["explain-error"], env)
    expect(all.document.length).toBeGreaterThan(10)
    const one = await world().run(["explain-error", "lock_conflict"], env)
    expect(one).toMatchObject({ exitCode: 0 })
    expect(one.stdout).toContain("exit code 4")
  })

  it("print the version and the help on stdout", async () => {
    expect((await world().run(["--version"], {})).stdout).toMatch(/^\d+\.\d+\.\d+\n$/)
    for (const words of [[], ["--help"], ["pause", "--help"], ["help", "audit"]]) {
      const ran = await world().run(words, {})
      expect(ran).toMatchObject({ exitCode: 0, stderr: "" })
      expect(ran.stdout).toContain("Usage: campaignctl")
    }
  })
})
