import { spawn } from "node:child_process"
import { once } from "node:events"
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises"
import { createRequire } from "node:module"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { text } from "node:stream/consumers"
import { setTimeout as sleep } from "node:timers/promises"
import { fileURLToPath } from "node:url"
import { expect, it } from "vitest"

const BASE = fileURLToPath(new URL("../../vitest/base.ts", import.meta.url))
const VITEST = join(
  dirname(createRequire(import.meta.url).resolve("vitest/package.json")),
  "vitest.mjs"
)

/** Milliseconds between two looks at a process that is about to be gone. */
const LOOK_EVERY_MS = 20

/** A test that waits for ever for what another process does, which holds the run's own output. */
const HANGS = `
import { spawn } from "node:child_process"
import { writeFileSync } from "node:fs"
it("hangs", async () => {
  const stdio = ["ignore", "ignore", "inherit"]
  const start = (options) => spawn(process.execPath, ["-e", "setTimeout(() => {}, 60_000)"], options).pid
  const owned = start({ stdio })
  process.kill(owned, "SIGSTOP")
  const own = start({ stdio: "ignore", detached: true })
  writeFileSync("pids.json", JSON.stringify({ owned, own }))
  await new Promise(() => {})
})
`

const runs = (pid: number): boolean => {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

it("a run whose test times out ends, and with it what the test had started", async () => {
  const root = await mkdtemp(join(tmpdir(), "left-processes-"))
  try {
    await mkdir(join(root, "test"))
    await writeFile(join(root, "test", "hangs.test.ts"), HANGS)
    const flags = ["--globals", "--reporter=default", "--test-timeout=500"]
    const run = spawn(
      process.execPath,
      [VITEST, "run", "--config", BASE, "--root", root, ...flags],
      {
        cwd: root,
        stdio: ["ignore", "pipe", "pipe"]
      }
    )
    const printed = text(run.stdout)
    const [code] = await once(run, "close")
    expect(await printed).toContain("1 failed")
    expect(code).toBe(1)
    const { own, owned } = JSON.parse(await readFile(join(root, "pids.json"), "utf8"))
    while (runs(owned)) await sleep(LOOK_EVERY_MS)
    // One that is to outlive the run does.
    expect(process.kill(own, "SIGKILL")).toBe(true)
  } finally {
    await rm(root, { recursive: true })
  }
})
