import { writeFile } from "node:fs/promises"
import { join } from "node:path"
import { describe, expect, it } from "vitest"
import { useWorld } from "../support/World.ts"

const world = useWorld(["--call-seconds", "0.5-1"])

const fileWith = async (name: string, text: string): Promise<string> => {
  const path = join(world().directory, name)
  await writeFile(path, text)
  return path
}

describe("plan and apply", () => {
  it("show what differs, bring it about, and refuse a plan that has grown stale", async () => {
    const env = world().env()
    for (const name of ["Wanted a", "Wanted b"])
      await world().control.addCampaign({ name, status: "on", dialingMode: "agentless" })
    const file = await fileWith(
      "fleet.yaml",
      `version: 1
name: wanted
campaigns:
  - select: { namePattern: "Wanted *" }
    state: paused
    pauseReason: COMPLIANCE
    window: 00:00-24:00 UTC
    minimumAgents: 3
schedules:
  - name: wanted evening
    selector: { namePattern: "Wanted *" }
    change: { target: paused, pauseReason: COMPLIANCE }
    when: { cron: "0 20 * * *", zone: Europe/Berlin }
`
    )
    const out = join(world().directory, "plan.json")
    const plan = await world().json(["plan", "-f", file, "--out", out], env)
    expect(plan).toMatchObject({
      exitCode: 2,
      stderr: "",
      document: {
        states: [{ name: "Wanted a", to: "paused" }, { name: "Wanted b" }],
        policies: [{ after: { minimumAgents: 3 } }, {}],
        schedules: [{ name: "wanted evening", change: "add" }]
      }
    })
    const [{ campaignId: first }] = plan.document.states
    // Somebody else touches a campaign that the file speaks of.
    await world().control.changeCampaign(first, { status: "off" })
    await world().control.changeCampaign(first, { status: "on" })
    expect(await world().json(["apply", "-f", file, "--plan", out], env)).toMatchObject({
      exitCode: 4,
      document: { error: { code: "PLAN_STALE" } }
    })
    const absent = await world().run(["apply", "-f", file, "--plan", `${out}.old`], env)
    expect(absent).toMatchObject({ exitCode: 2, stderr: expect.stringContaining("no such file") })
    await world().json(["plan", "-f", file, "--out", out], env)
    const applied = await world().json(["apply", "-f", file, "--plan", out], env)
    expect(applied).toMatchObject({
      exitCode: 0,
      document: { operations: [{ status: "succeeded", counts: { applied: 2 } }] }
    })
    expect(await world().json(["plan", "-f", file], env)).toMatchObject({
      exitCode: 0,
      document: { states: [], policies: [], schedules: [] }
    })
    expect((await world().json(["schedule", "list"], env)).document).toMatchObject([
      { schedule: { name: "wanted evening" }, managedBy: "wanted" }
    ])
    const { document: told } = await world().json(["audit", "list", "--kind", "rules-changed"], env)
    expect(told).toMatchObject([
      { source: "cli", rules: { what: "policies-applied", name: "wanted" } },
      { source: "cli", rules: { what: "schedule-added", name: "wanted evening" } }
    ])
    expect(told[0].rules.after).toContain(
      `"${first}":{"minimumAgents":3,"window":"00:00-24:00 UTC"}`
    )
    const listed = await world().run(["audit", "list", "--kind", "rules-changed"], env)
    expect(listed.stdout).toMatch(/wanted +rules-changed +policies-applied/)
    const shown = await world().run(["audit", "show", String(told[1].sequence)], env)
    expect(shown.stdout).toMatch(/rules\.after +\{.*"managedBy":"wanted"/)
  })

  it("lets the window of the file decide later starts", async () => {
    const env = world().env()
    const { id } = await world().control.addCampaign({
      name: "Closed",
      status: "off",
      dialingMode: "agentless"
    })
    const file = await fileWith(
      "closed.yaml",
      `{ version: 1, name: closed, campaigns: [{ select: { ids: [${id}] }, window: closed UTC }] }`
    )
    expect((await world().json(["apply", "-f", file], env)).exitCode).toBe(0)
    const refused = await world().json(["resume", id], env)
    expect(refused).toMatchObject({ exitCode: 3 })
    expect(refused.stderr).toContain("callingWindow")
    const fleet = await world().json(["fleet", "resume", "--selector", `id=${id}`], env)
    expect(fleet).toMatchObject({ exitCode: 3, document: { counts: { rejected: 1 } } })
  })

  it("tells everything that is wrong with a file at its place", async () => {
    const env = world().env()
    const file = await fileWith(
      "wrong.yaml",
      "{ version: 1, name: x, campaigns: [{ select: { all: true } }], more: 1 }"
    )
    expect(await world().json(["plan", "-f", file], env)).toMatchObject({
      exitCode: 2,
      document: { error: { code: "REQUEST_INVALID", problems: [{ key: "more" }] } }
    })
    const text = await fileWith("no.yaml", "{ version: 1")
    for (const path of [text, join(world().directory, "absent.yaml")])
      expect(await world().json(["plan", "-f", path], env)).toMatchObject({
        exitCode: 2,
        document: { error: { problems: [{ key: "--file" }] } }
      })
  })
})

describe("schedule", () => {
  it("keeps, shows and removes schedules without credentials", async () => {
    const { OAUTH_CLIENT_ID: _id, OAUTH_CLIENT_SECRET: _secret, ...env } = world().env()
    const added = await world().json(
      [
        "schedule",
        "add",
        "--name",
        "evening",
        "--selector",
        "name=EMEA*",
        "--to",
        "paused",
        "--reason",
        "COMPLIANCE",
        "--cron",
        "0 20 * * Mon-Fri",
        "--zone",
        "Europe/Berlin"
      ],
      env
    )
    expect(added).toMatchObject({ exitCode: 0, document: { schedule: { name: "evening" } } })
    const next = await world().json(["schedule", "next", "evening", "--limit", "3"], env)
    expect(next.document).toHaveLength(3)
    expect(next.document[0]).toBe(added.document.nextAt)
    expect((await world().json(["schedule", "list"], env)).document).toHaveLength(1)
    expect((await world().json(["schedule", "remove", "evening"], env)).exitCode).toBe(0)
    const told = await world().json(["audit", "list", "--kind", "rules-changed"], env)
    expect(told.document).toMatchObject([
      { campaignName: "evening", rules: { what: "schedule-added" } },
      { campaignName: "evening", rules: { what: "schedule-removed" } }
    ])
    expect(await world().json(["schedule", "next", "evening"], env)).toMatchObject({
      exitCode: 6,
      document: { error: { code: "SCHEDULE_NOT_FOUND" } }
    })
  })

  it("knows the holiday lists that are configured, and tells their names", async () => {
    const env = world().env("platform", {
      CAMPAIGNCTL_HOLIDAY_LISTS: '{"germany":["2026-12-25"]}'
    })
    const adding = (list: string) =>
      world().json(
        ["schedule", "add", "--name", "on workdays", "--selector", "all", "--to", "active"].concat([
          "--cron",
          "0 9 25 12 *",
          "--zone",
          "Europe/Berlin",
          "--holiday",
          list
        ]),
        env
      )
    const refused = await adding("france")
    expect(refused.exitCode).toBe(2)
    expect(refused.document.error.problems[0].expected).toContain("germany")
    const added = await adding("germany")
    expect(added.exitCode).toBe(0)
    expect(added.document.nextAt).not.toContain("2026-")
  })

  it("tells everything that is wrong at once", async () => {
    const ran = await world().json(
      ["schedule", "add", "--cron", "61 * * * *", "--at", "2027-01-01T00:00:00Z", "--grace", "5"],
      world().env()
    )
    expect(ran.exitCode).toBe(2)
    expect(ran.document.error.problems.map(({ key }: { key: string }) => key)).toEqual([
      "--selector",
      "--name",
      "--cron",
      "--zone",
      "--grace"
    ])
    const line = await world().json(
      [
        "schedule",
        "add",
        "--name",
        "x",
        "--selector",
        "all",
        "--to",
        "active",
        "--cron",
        "61 * * * *",
        "--zone",
        "Mars/Olympus"
      ],
      world().env()
    )
    expect(line).toMatchObject({
      exitCode: 2,
      document: { error: { problems: [{ key: "when.cron.minute" }, { key: "when.zone" }] } }
    })
  })
})
