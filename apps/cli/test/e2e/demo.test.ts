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
