import { writeFile } from "node:fs/promises"
import { join } from "node:path"
import { freshDatabase } from "@campaignctl/postgres-server/fresh"
import { beforeAll, describe, expect, it } from "vitest"
import type { Env, Running } from "../support/Cli.ts"
import { useWorld } from "../support/World.ts"

const world = useWorld()

let url: URL
let env: Env
beforeAll(async () => {
  url = new URL(await freshDatabase())
  env = world().env("platform", { CAMPAIGNCTL_DATABASE_URL: url.href })
})

/** The password, as it stands in the URL and as it is. */
const secrets = () => [url.password, decodeURIComponent(url.password)]
const place = () => `postgres://${url.host}${url.pathname}`

const said = async (words: ReadonlyArray<string>, more: Env = {}) => {
  const ran = await world().run(words, { ...env, ...more })
  const text = `${ran.stdout}${ran.stderr}`
  for (const secret of secrets()) expect(text).not.toContain(secret)
  return { exitCode: ran.exitCode, text }
}

/** A service that has begun to listen, on ports of its own. */
const listening = async (words: ReadonlyArray<string>, more: Env): Promise<Running> => {
  const service = world().start(words, {
    ...more,
    CAMPAIGNCTL_HTTP_PORT: "0",
    CAMPAIGNCTL_RUNNER_PORT: "0"
  })
  await new Promise<void>((resolve, reject) => {
    service.child.stdout?.on("data", (text: string) => {
      if (text.includes("listens on")) resolve()
    })
    void service.done.then(({ stderr }) => reject(new Error(stderr)))
  })
  return service
}

describe("with the ledger on PostgreSQL", () => {
  it("two commands at once make the tables on an empty database, and change a campaign each", async () => {
    const named = ["Spring Renewals UK", "Mortgage Leads"].map((name) => world().idOf(name))
    const before = await world().writes()
    const ran = await Promise.all(
      named.map((id) => world().json(["pause", id, "--reason", "OTHER"], env))
    )
    expect(ran.map(({ exitCode }) => exitCode)).toEqual(named.map(() => 0))
    expect((await world().writes()) - before).toBe(named.length)
    const verified = await world().json(["audit", "verify"], env)
    expect(verified).toMatchObject({ exitCode: 0, document: { entries: 2 * named.length } })
  })

  it("doctor finds it well, and names it without the credentials", async () => {
    const { exitCode, text } = await said(["doctor"])
    expect(exitCode).toBe(0)
    expect(text).toContain(`${place()} can be written and is intact`)
  })

  it("the audit is read and exported", async () => {
    const listed = await world().json(["audit", "list"], env)
    expect(listed.exitCode).toBe(0)
    expect(await said(["audit", "export", "--format", "csv"])).toMatchObject({ exitCode: 0 })
    // Of two commands at once either may be the first.
    expect((await said(["audit", "show", "1"])).text).toMatch(/Spring Renewals UK|Mortgage Leads/)
  })

  it("keys are made, listed and revoked", async () => {
    const made = await world().json(
      ["key", "create", "--name", "robot", "--scope", "campaigns:read"],
      env
    )
    expect(made.exitCode).toBe(0)
    const listed = await said(["key", "list"])
    expect(listed).toMatchObject({ exitCode: 0, text: expect.stringContaining("robot") })
    const revoked = await said(["key", "revoke", made.document.id])
    expect(revoked.exitCode).toBe(0)
  })

  it("a password that is wrong stops every change, and is not shown", async () => {
    const wrong = new URL(url)
    wrong.password = "hunter2"
    const before = await world().writes()
    const { exitCode, text } = await said(
      ["pause", world().idOf("Spring Renewals UK"), "--reason", "OTHER"],
      { CAMPAIGNCTL_DATABASE_URL: wrong.href }
    )
    expect(exitCode).toBe(7)
    expect(text).toContain("does not accept the password")
    expect(text).not.toContain("hunter2")
    expect((await world().writes()) - before).toBe(0)
  })

  it("a database that is not there is said to be missing", async () => {
    const missing = new URL(url)
    missing.pathname = "/nowhere"
    const { exitCode, text } = await said(["audit", "list"], {
      CAMPAIGNCTL_DATABASE_URL: missing.href
    })
    expect(exitCode).toBe(7)
    expect(text).toContain("create it first")
  })

  it("the service takes the database from a profile, joins its cluster, and makes no file", async () => {
    const { CAMPAIGNCTL_DATABASE_URL, ...rest } = env
    const profile = join(world().directory, "profile.json")
    await writeFile(profile, JSON.stringify({ CAMPAIGNCTL_DATABASE_URL }))
    const service = await listening(["serve", "--profile", profile], {
      ...rest,
      // No file can be made in it.
      XDG_STATE_HOME: "/dev/null"
    })
    const { document } = await world().json(["cluster", "status"], env)
    expect(document).toMatchObject({ mode: "cluster", runners: [{ healthy: true }] })
    service.child.kill("SIGTERM")
    const ended = await service.done
    expect(ended.exitCode).toBe(0)
    for (const secret of secrets()) expect(ended.stdout + ended.stderr).not.toContain(secret)
  })

  it("the service's next start tells it what a halt wrote down while it was away", async () => {
    const { id } = await world().control.addCampaign({
      name: "Stopped in the dark",
      status: "on",
      dialingMode: "agentless"
    })
    const away = new URL(url)
    away.port = "1"
    const halted = await said(["halt", "--selector", `id=${id}`, "--deadline", "10s"], {
      CAMPAIGNCTL_DATABASE_URL: away.href
    })
    expect(halted.exitCode).toBe(9)
    const service = await listening(["serve"], env)
    const { document } = await world().json(["audit", "list", "--campaign", id], env)
    expect(document).toMatchObject([
      { kind: "intent", requestedBy: "tester@example.com" },
      { kind: "outcome", targetState: "paused" }
    ])
    service.child.kill("SIGTERM")
    expect((await service.done).exitCode).toBe(0)
  })
})
