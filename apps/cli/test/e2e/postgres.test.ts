import { writeFile } from "node:fs/promises"
import { join } from "node:path"
import { freshDatabase } from "@campaignctl/postgres-server/fresh"
import { beforeAll, describe, expect, it } from "vitest"
import type { Env } from "../support/Cli.ts"
import { startReceiver } from "../support/receiver.ts"
import { listening } from "../support/listening.ts"
import { until } from "../support/until.ts"
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
    const service = await listening(
      world(),
      {
        ...rest,
        // No file can be made in it.
        XDG_STATE_HOME: "/dev/null"
      },
      ["serve", "--profile", profile]
    )
    const { document } = await world().json(["cluster", "status"], env)
    expect(document).toMatchObject({ mode: "cluster", runners: [{ healthy: true }] })
    service.child.kill("SIGTERM")
    const ended = await service.done
    expect(ended.exitCode).toBe(0)
    for (const secret of secrets()) expect(ended.stdout + ended.stderr).not.toContain(secret)
  })

  it("webhooks are kept in it, sent by the service, and looked at and sent again from elsewhere", async () => {
    const allowing = { ...env, CAMPAIGNCTL_WEBHOOK_ALLOW: "127.0.0.1" }
    const receiver = await startReceiver()
    const { document: added, stderr } = await world().json(
      ["webhook", "add", receiver.url, "--event", "campaign.state.changed"],
      allowing
    )
    expect(stderr).toContain("No `campaignctl serve` runs")
    expect(await said(["webhook", "test", added.id], allowing)).toMatchObject({ exitCode: 0 })
    const service = await listening(world(), allowing)
    try {
      const { id } = await world().control.addCampaign({
        name: "Told of",
        status: "on",
        dialingMode: "agentless"
      })
      expect((await said(["pause", id, "--reason", "OTHER"])).exitCode).toBe(0)
      const found = await until(
        async () => (await world().json(["webhook", "deliveries"], allowing)).document,
        (deliveries) =>
          deliveries.some(({ auditSequence }: { auditSequence: unknown }) => auditSequence !== null)
      )
      const { eventId, id: deliveryId } = found.find(
        ({ auditSequence }: { auditSequence: unknown }) => auditSequence !== null
      )
      const again = await world().json(["webhook", "redeliver", deliveryId], allowing)
      expect(again).toMatchObject({ exitCode: 0, document: { redelivered: 1 } })
      expect(again.stderr).not.toContain("No `campaignctl serve`")
      const times = () => receiver.received.filter((message) => message.id === eventId).length
      expect(await until(times, (count) => count > 1)).toBe(2)
      expect(await world().json(["watch", "status"], env)).toMatchObject({
        document: { watches: true }
      })
    } finally {
      service.child.kill("SIGTERM")
      await service.done
      await receiver[Symbol.asyncDispose]()
    }
    expect((await said(["webhook", "remove", added.id, "--yes"])).exitCode).toBe(0)
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
    const service = await listening(world(), env)
    const { document } = await world().json(["audit", "list", "--campaign", id], env)
    // What the service's own watch may have seen by then stands there too.
    expect(document.filter(({ source }: { source: string }) => source === "cli")).toMatchObject([
      { kind: "intent", requestedBy: "tester@example.com" },
      { kind: "outcome", targetState: "paused" }
    ])
    service.child.kill("SIGTERM")
    expect((await service.done).exitCode).toBe(0)
  })
})
