import { mkdir, rmdir } from "node:fs/promises"
import { describe, expect, it } from "vitest"
import { useWorld, type World } from "../support/World.ts"

const world = useWorld(["--call-seconds", "0.5-1"])

/** Campaigns of a name of their own, so that the tests do not meet. */
const campaigns = (name: string, count: number, status: "on" | "off" = "on") =>
  Promise.all(
    Array.from({ length: count }, (_, index) =>
      world().control.addCampaign({ name: `${name} ${index}`, status, dialingMode: "agentless" })
    )
  )

const changedOf = async (ids: ReadonlyArray<string>): Promise<ReadonlyArray<number>> => {
  const writes = await world().control.writes({ by: "api" })
  return ids.map((id) => writes.filter(({ campaignId }) => campaignId === id).length)
}

const statesOf = async (name: string, env: Parameters<World["json"]>[1]) => {
  const { document } = await world().json(["get", "--name", name], env)
  return new Set(document.map(({ state }: { state: string }) => state))
}

describe("fleet", () => {
  it("plans without a change, then changes each campaign once", async () => {
    const env = world().env()
    const ids = (await campaigns("Fleet", 5)).map(({ id }) => id)
    const words = ["fleet", "pause", "--selector", "name=Fleet *", "--reason", "OTHER"]
    const plan = await world().json([...words, "--dry-run"], env)
    expect(plan).toMatchObject({ exitCode: 0, stderr: "" })
    expect(plan.document.map(({ outcome }: { outcome: string }) => outcome)).toEqual(
      ids.map(() => "allowed")
    )
    expect(await changedOf(ids)).toEqual(ids.map(() => 0))
    const done = await world().json([...words, "--wait", "30s"], env)
    expect(done).toMatchObject({
      exitCode: 0,
      document: { status: "succeeded", counts: { applied: 5 }, requestedBy: "tester@example.com" }
    })
    expect(await changedOf(ids)).toEqual(ids.map(() => 1))
    expect(await statesOf("Fleet", env)).toEqual(new Set(["paused"]))
    const again = await world().json(words, env)
    expect(again).toMatchObject({ exitCode: 0, document: { counts: { alreadyThere: 5 } } })
    expect((await world().run(["audit", "verify"], env)).exitCode).toBe(0)
  })

  it("says so where its selector means no campaign, as a slip in it may", async () => {
    const env = world().env()
    const selector = ["--selector", "name=Hlated *,state=active"]
    const paused = await world().run(["fleet", "pause", ...selector, "--reason", "OTHER"], env)
    expect(paused.stderr).toContain("No campaign matches")
    const listed = await world().run(["operations", "list"], env)
    expect(listed.stdout).toContain("name=Hlated *,state=active to paused")
  })

  it("writes a line of JSON for each step where it is piped", async () => {
    const env = world().env()
    await campaigns("Piped", 3)
    const ran = await world().run(
      ["fleet", "pause", "--selector", "name=Piped *", "--reason", "OTHER"],
      env
    )
    const lines = ran.stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line))
    expect(lines.at(-1)).toMatchObject({ status: "succeeded", counts: { applied: 3 } })
    expect(ran.stderr).toBe("")
    await world().control.addCampaign({
      name: "Piped 3",
      status: "invalid",
      dialingMode: "agentless"
    })
    const refused = await world().run(["fleet", "resume", "--selector", "name=Piped 3"], env)
    expect(refused.exitCode).toBe(3)
    expect(refused.stderr).toContain("It ended failed: 1 campaigns: 1 rejected")
  })

  it("asks before more than ten of which all would be refused as it stands", async () => {
    const env = world().env("platform", { CAMPAIGNCTL_CALLING_WINDOW: "closed UTC" })
    const ids = (await campaigns("Closed", 11, "off")).map(({ id }) => id)
    // The window may open between the question and their turn.
    const ran = await world().run(["fleet", "resume", "--selector", "name=Closed *"], env)
    expect(ran).toMatchObject({ exitCode: 2, stdout: "" })
    expect(ran.stderr).toContain("11 campaigns and nobody to ask")
    expect(await changedOf(ids)).toEqual(ids.map(() => 0))
  })

  it("asks before more than ten, and refuses where nobody can be asked", async () => {
    const env = world().env()
    const ids = (await campaigns("Many", 11)).map(({ id }) => id)
    const words = ["fleet", "pause", "--selector", "name=Many *", "--reason", "OTHER"]
    const refused = await world().json(words, env)
    expect(refused).toMatchObject({
      exitCode: 2,
      document: { error: { problems: [{ key: "--yes" }] } }
    })
    expect(await changedOf(ids)).toEqual(ids.map(() => 0))
    expect(await world().json([...words, "--yes"], env)).toMatchObject({
      exitCode: 0,
      document: { counts: { applied: 11 } }
    })
  })

  it("tells everything that is wrong with a command at once", async () => {
    const ran = await world().json(
      [
        "fleet",
        "pause",
        "--selector",
        "nmae=x,state=asleep",
        "--order",
        "size",
        "--concurrency",
        "0",
        "--max-failures",
        "-1",
        "--wait=9"
      ],
      world().env()
    )
    expect(ran.exitCode).toBe(2)
    expect(ran.document.error.problems.map(({ key }: { key: string }) => key)).toEqual([
      "--selector",
      "--selector",
      "--order",
      "--concurrency",
      "--max-failures",
      "--reason",
      "--wait"
    ])
  })

  it("names an id that no campaign has, and is no success", async () => {
    const env = world().env()
    const { id } = await world().control.addCampaign({ name: "There 1", status: "on" })
    const typo = "99999999-9999-4999-8999-999999999999"
    const asked = (ids: string) => ["fleet", "pause", "--selector", ids, "--reason", "OTHER"]
    const some = await world().json(asked(`id=${id},id=${typo}`), env)
    expect(some).toMatchObject({
      exitCode: 9,
      document: {
        status: "partial",
        detail: `No campaign has the id ${typo}.`,
        counts: { applied: 1, failed: 1 },
        items: [
          { campaignId: id, status: "applied" },
          { campaignId: typo, status: "failed", errorCode: "CAMPAIGN_NOT_FOUND" }
        ]
      }
    })
    const none = await world().run(asked(`id=${typo}`), env)
    expect(none.exitCode).toBe(6)
    expect(none.stderr).toContain(typo)
  })

  it("ends partly done where some are refused, and names them", async () => {
    const env = world().env()
    await campaigns("Half", 2, "off")
    await world().control.addCampaign({
      name: "Half 3",
      status: "invalid",
      dialingMode: "agentless"
    })
    const ran = await world().json(["fleet", "resume", "--selector", "name=Half *"], env)
    expect(ran).toMatchObject({
      exitCode: 9,
      document: { status: "partial", counts: { applied: 2, rejected: 1 } }
    })
    expect(
      ran.document.items.find(({ status }: { status: string }) => status === "rejected")
    ).toMatchObject({ name: "Half 3", errorCode: "TRANSITION_REJECTED" })
  })
})

describe("operations", () => {
  it("keeps what is submitted until a process carries it on", async () => {
    const env = world().env()
    const ids = (await campaigns("Detached", 3)).map(({ id }) => id)
    const submitted = await world().json(
      ["fleet", "pause", "--selector", "name=Detached *", "--reason", "OTHER", "--detach"],
      env
    )
    expect(submitted).toMatchObject({ exitCode: 0, document: { status: "pending" } })
    const { id } = submitted.document
    const shown = await world().json(["operations", "show", id], env)
    expect(shown.document).toMatchObject({ id, status: "pending" })
    expect(await changedOf(ids)).toEqual([0, 0, 0])
    const watched = await world().json(["operations", "watch", id], env)
    expect(watched).toMatchObject({ exitCode: 0, document: { status: "succeeded" } })
    expect(await changedOf(ids)).toEqual([1, 1, 1])
    const { document } = await world().json(["operations", "list"], env)
    expect(document.map((one: { id: string }) => one.id)).toEqual([id])
    expect(await world().json(["operations", "cancel", id], env)).toMatchObject({
      exitCode: 3,
      document: { error: { code: "OPERATION_NOT_CONTROLLABLE" } }
    })
  })

  it("cancels what has not begun, so that it never does", async () => {
    const env = world().env()
    const ids = (await campaigns("Cancelled", 2)).map(({ id }) => id)
    const { document } = await world().json(
      ["fleet", "pause", "--selector", "name=Cancelled *", "--reason", "OTHER", "--detach"],
      env
    )
    await world().json(["operations", "cancel", document.id], env)
    const watched = await world().json(["operations", "watch", document.id], env)
    expect(watched).toMatchObject({ exitCode: 9, document: { status: "cancelled" } })
    expect(await changedOf(ids)).toEqual([0, 0])
  })

  it("needs no credentials to look", async () => {
    const { OAUTH_CLIENT_ID: _id, OAUTH_CLIENT_SECRET: _secret, ...env } = world().env()
    expect(await world().json(["operations", "list"], env)).toMatchObject({
      exitCode: 0,
      document: []
    })
    expect(
      await world().json(["operations", "show", "01936f7a-0000-7000-8000-000000000001"], env)
    ).toMatchObject({ exitCode: 6, document: { error: { code: "OPERATION_NOT_FOUND" } } })
    expect(await world().json(["cluster", "status"], env)).toMatchObject({
      exitCode: 0,
      document: { runners: [] }
    })
  })
})

describe("halt", () => {
  it("stops, proves it, refuses starts by every way until it is lifted", async () => {
    const env = world().env()
    const ids = (await campaigns("Halted", 4)).map(({ id }) => id)
    const [first = ""] = ids
    const ran = await world().json(
      ["halt", "--selector", "name=Halted *", "--name", "storm", "--note", "wrong list"],
      env
    )
    expect(ran).toMatchObject({
      exitCode: 0,
      document: { proven: true, holding: true, selected: 4 }
    })
    expect((await statesOf("Halted", env)).has("active")).toBe(false)
    const refused = await world().json(["resume", first], env)
    expect(refused.exitCode).toBe(3)
    expect(refused.stderr).toContain("storm")
    const fleet = await world().json(["fleet", "resume", "--selector", "name=Halted *"], env)
    expect(fleet).toMatchObject({ exitCode: 3, document: { counts: { rejected: 4 } } })
    const explained = await world().json(["explain", first, "--to", "active"], env)
    expect(JSON.stringify(explained.document)).toContain("storm")
    expect((await world().json(["halt", "list"], env)).document).toMatchObject([
      { name: "storm", raisedBy: "tester@example.com" }
    ])
    const lifted = await world().json(["halt", "lift", "storm", "--note", "mended"], env)
    expect(lifted.exitCode).toBe(0)
    expect(await world().json(["resume", first], env)).toMatchObject({ exitCode: 0 })
    expect(await world().json(["halt", "lift", "storm"], env)).toMatchObject({
      exitCode: 6,
      document: { error: { code: "HOLD_NOT_FOUND" } }
    })
    const audit = await world().json(["audit", "list", "--kind", "halt-raised"], env)
    expect(audit.document).toHaveLength(1)
    expect((await world().run(["audit", "verify"], env)).exitCode).toBe(0)
  })

  it("stops even where the ledger cannot be used, and says so", async () => {
    const ids = (await campaigns("Worst", 2)).map(({ id }) => id)
    const env = world().env()
    const file = world().ledgerOf(env)
    // A directory in its place is a ledger that cannot be opened, until it is taken away.
    await mkdir(file)
    const ran = await world().json(["halt", "--selector", "name=Worst *"], env)
    expect(ran).toMatchObject({ exitCode: 9, document: { proven: true, holding: false } })
    expect(ran.stderr).toContain("warning:")
    expect(ran.stderr).not.toContain("nothing was changed")
    expect(ran.stderr.match(/holds nothing yet/g)?.length).toBeLessThan(3)
    expect((await changedOf(ids)).every((writes) => writes >= 1)).toBe(true)
    await rmdir(file)
    // The next change takes what was done into the ledger.
    const [first = ""] = ids
    const next = await world().json(["pause", first, "--reason", "OTHER"], env)
    expect(next).toMatchObject({ exitCode: 0, document: { outcome: "already-there" } })
    const audit = await world().json(["audit", "list", "--campaign", first], env)
    expect(audit.document.map(({ kind }: { kind: string }) => kind)).toEqual([
      "intent",
      "outcome",
      "outcome"
    ])
    expect((await world().run(["audit", "verify"], env)).exitCode).toBe(0)
  })
})
