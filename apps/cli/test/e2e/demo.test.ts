import { mkdtemp, readdir, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, beforeAll, expect, it } from "vitest"
import { start } from "../support/Cli.ts"

/** The demonstration's own place for temporary files. */
let TMPDIR = ""
beforeAll(async () => {
  TMPDIR = await mkdtemp(join(tmpdir(), "campaignctl-test-"))
})
afterAll(() => rm(TMPDIR, { recursive: true }))

const leftovers = async () =>
  (await readdir(TMPDIR)).filter((name) => name.startsWith("campaignctl-demo-"))

const SAYS = [
  "Spring Renewals UK",
  "has no call left",
  "✗ rejected",
  "✓ applied",
  "The ledger is intact: 11 entries",
  "✓ Done."
]

it("shows the main job and ends with 0, leaving nothing behind", async () => {
  const ran = await start(["demo"], { TMPDIR }).done
  expect(ran.exitCode).toBe(0)
  for (const part of SAYS) expect(ran.stdout).toContain(part)
  for (const part of [
    "✗ capacity",
    "✗ callingWindow",
    "was changed by somebody else",
    "waits 2.0 s"
  ])
    expect(ran.stderr).toContain(part)
  expect(await leftovers()).toEqual([])
})

it("prints, with --trace, one tree from the caller to every request that Genesys received", async () => {
  const ran = await start(["demo", "--trace"], { TMPDIR }).done
  expect(ran.exitCode).toBe(0)
  const [, trace, caller] = /TRACEPARENT=00-(\w+)-(\w+)-01/.exec(ran.stdout) ?? []
  const [tree = ""] = ran.stderr.split(`trace ${trace}\n`).slice(1)
  expect(ran.stderr.match(/^trace /gm)).toHaveLength(1)
  expect(tree).toContain(`called by span ${caller}\n`)
  for (const part of [
    "campaignctl.command",
    "campaignctl.transition",
    "• verdict guard=capacity verdict=passed",
    "result=LockConflict",
    "wait.cause=conflict",
    "result=RateLimited",
    "wait.cause=rate-limit",
    "result=Applied",
    "campaignctl.ledger.append",
    "PUT /api/v2/outbound/campaigns/{campaignId}"
  ])
    expect(tree).toContain(part)
  const received = [...ran.stdout.matchAll(new RegExp(`00-${trace}-(\\w+)-01  \\d+`, "g"))]
  expect(received.length).toBeGreaterThan(8)
  for (const [, span] of received) expect(tree).toContain(`span=${span}`)
})

it("stops its simulator and removes its directory on Ctrl-C", async () => {
  const running = start(["demo"], { TMPDIR })
  await running.sawOnStderr(/drains/)
  running.child.kill("SIGINT")
  const ran = await running.done
  expect(ran.exitCode).toBe(130)
  expect(ran.stdout).not.toContain("✓ Done.")
  expect(await leftovers()).toEqual([])
  const [, apiUrl = ""] = /runs at (\S+),/.exec(ran.stdout) ?? []
  await expect(fetch(apiUrl)).rejects.toThrow("fetch failed")
})
