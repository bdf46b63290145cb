import { execFileSync } from "node:child_process"
import { generateKeyPairSync } from "node:crypto"
import { writeFile } from "node:fs/promises"
import { DatabaseSync } from "node:sqlite"
import { join } from "node:path"
import { beforeAll, describe, expect, it } from "vitest"
import type { Env } from "../support/Cli.ts"
import { useWorld } from "../support/World.ts"

const world = useWorld()
let env: Env = {}

/** Changes that the ledger of this file holds: three refusals and one pause. */
const ENTRIES = 5

beforeAll(async () => {
  env = world().env()
  const refused = world().idOf("Mortgage Leads")
  for (let count = 0; count < 3; count++) await world().run(["complete", refused], env)
  await world().run(["pause", world().idOf("Spring Renewals UK"), "--reason", "COMPLIANCE"], env)
})

/** The environment of somebody who has the ledger and no credentials. */
const auditor = (): Env => ({
  CAMPAIGNCTL_DATABASE_URL: env["CAMPAIGNCTL_DATABASE_URL"] ?? "",
  HOME: world().directory
})

/** A copy of a ledger in which every body is changed. The tables refuse it by themselves, so that goes first. */
const corrupted = (ledger: string, copy: string, body: string): void => {
  const source = new DatabaseSync(ledger)
  source.exec(`VACUUM INTO '${copy}'`)
  source.close()
  const database = new DatabaseSync(copy)
  for (const { name } of database
    .prepare("SELECT name FROM sqlite_schema WHERE type = 'trigger'")
    .all())
    database.exec(`DROP TRIGGER ${String(name)}`)
  database.exec(`UPDATE ledger_entries SET body = ${body}`)
  database.close()
}

describe("audit", () => {
  it("lists by campaign, outcome, kind, person and time, without credentials", async () => {
    const list = async (...words: ReadonlyArray<string>) =>
      (await world().json(["audit", "list", ...words], auditor())).document.map(
        ({ sequence }: { sequence: number }) => sequence
      )
    expect(await list()).toEqual([1, 2, 3, 4, 5])
    expect(await list("--limit", "2")).toEqual([4, 5])
    expect(await list("--campaign", world().idOf("Spring Renewals UK"))).toEqual([4, 5])
    expect(await list("--outcome", "rejected", "--limit", "1")).toEqual([3])
    expect(await list("--kind", "intent")).toEqual([4])
    expect(await list("--by", "somebody@example.com")).toEqual([])
    expect(await list("--since", "1h")).toHaveLength(ENTRIES)
    expect(await list("--until", "1h")).toEqual([])
  })

  it("refuses what it cannot understand", async () => {
    const words = [
      "audit",
      "list",
      "--since",
      "yesterday",
      "--kind",
      "outcomes",
      "--limit",
      "0",
      "--campaign",
      "x"
    ]
    const ran = await world().run(words, auditor())
    expect(ran.exitCode).toBe(2)
    for (const part of [
      "--since: expected an instant",
      "did you mean outcome?",
      "--limit: expected",
      "--campaign: expected"
    ])
      expect(ran.stderr).toContain(part)
  })

  it("shows one entry by its sequence and by its id", async () => {
    const bySequence = await world().json(["audit", "show", "5"], auditor())
    expect(bySequence.document).toMatchObject({
      outcome: "applied",
      pauseReason: "COMPLIANCE",
      requestedBy: "tester@example.com",
      source: "cli"
    })
    const byId = await world().json(["audit", "show", bySequence.document.id], auditor())
    expect(byId.document).toEqual(bySequence.document)
    const text = await world().run(["audit", "show", "1"], auditor())
    expect(text.stdout).not.toContain("undefined")
    expect(await world().run(["audit", "show", "99"], auditor())).toMatchObject({
      exitCode: 6,
      stderr: expect.stringContaining("campaignctl audit list")
    })
    expect(await world().run(["audit", "show", "last"], auditor())).toMatchObject({ exitCode: 2 })
  })

  it("exports NDJSON whose lines are the entries, and CSV with a header", async () => {
    const ndjson = await world().run(["audit", "export"], auditor())
    const lines = ndjson.stdout.trimEnd().split("\n")
    const { document } = await world().json(["audit", "list"], auditor())
    expect(lines.map((line) => JSON.parse(line))).toEqual(document)
    const csv = await world().run(
      ["audit", "export", "--format", "csv", "--kind", "intent"],
      auditor()
    )
    expect(csv.stdout.split("\r\n")).toHaveLength(3)
    expect(await world().run(["audit", "export", "--format", "xml"], auditor())).toMatchObject({
      exitCode: 2
    })
  })

  it("signs a checkpoint that tells a rewritten ledger from an intact one", async () => {
    const { privateKey, publicKey } = generateKeyPairSync("ed25519")
    const path = (name: string) => join(world().directory, name)
    await writeFile(path("key.pem"), privateKey.export({ type: "pkcs8", format: "pem" }))
    await writeFile(path("key.pub.pem"), publicKey.export({ type: "spki", format: "pem" }))
    const signed = await world().run(["audit", "checkpoint", "--key", path("key.pem")], auditor())
    expect(signed.exitCode).toBe(0)
    await writeFile(path("checkpoint.json"), signed.stdout)
    const verify = [
      "audit",
      "verify",
      "--checkpoint",
      path("checkpoint.json"),
      "--public-key",
      path("key.pub.pem")
    ]
    expect(await world().json(verify, auditor())).toMatchObject({
      exitCode: 0,
      document: { result: "holds", entries: ENTRIES }
    })
    // Another ledger, shorter than the one that was signed.
    const other = { ...auditor(), CAMPAIGNCTL_DATABASE_URL: `file:${path("other.db")}` }
    expect(await world().json(verify, other)).toMatchObject({
      exitCode: 7,
      document: { result: "truncated", sound: false }
    })
    expect(await world().run(["audit", "checkpoint"], auditor())).toMatchObject({ exitCode: 2 })
    expect(await world().run(["audit", "verify", "--checkpoint", "x"], auditor())).toMatchObject({
      exitCode: 2
    })
  })

  it("names the first entry that was tampered with", async () => {
    const file = world().ledgerOf(auditor())
    const copy = join(world().directory, "tampered.db")
    corrupted(file, copy, "replace(body, 'tester', 'nobody') WHERE sequence = 3")
    const tampered = { ...auditor(), CAMPAIGNCTL_DATABASE_URL: `file:${copy}` }
    const ran = await world().json(["audit", "verify"], tampered)
    expect(ran).toMatchObject({ exitCode: 7, document: { result: "broken", firstBadSequence: 3 } })
    expect(ran.stderr).toContain("broken at entry 3")
  })

  it("that cannot be read back holds up a start, and no pause", async () => {
    const env = world().env()
    const { id } = await world().control.addCampaign({
      name: "Torn page",
      status: "on",
      dialingMode: "agentless"
    })
    const pause = ["pause", id, "--reason", "COMPLIANCE"]
    expect(await world().run(pause, env)).toMatchObject({ exitCode: 0 })
    const copy = join(world().directory, "torn.db")
    corrupted(world().ledgerOf(env), copy, "'torn'")
    const torn = { ...env, CAMPAIGNCTL_DATABASE_URL: `file:${copy}` }
    expect(await world().run(["resume", id], torn)).toMatchObject({ exitCode: 7 })
    await world().control.changeCampaign(id, { status: "on" })
    expect(await world().run(pause, torn)).toMatchObject({ exitCode: 0 })
    expect((await world().control.campaign(id)).status).not.toBe("on")
  })

  it("lets its export be cut short by a pipe", () => {
    const bin = new URL("../../bin/campaignctl.mjs", import.meta.url).pathname
    const first = execFileSync(
      "/bin/sh",
      ["-c", `"$0" "$1" audit export | head -n 1`, process.execPath, bin],
      { env: { ...process.env, ...auditor() }, encoding: "utf8" }
    )
    expect(JSON.parse(first)).toMatchObject({ sequence: 1 })
  })
})
