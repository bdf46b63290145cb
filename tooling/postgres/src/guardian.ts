/**
 * Outlives the test process to clean up after it: `node guardian.ts DIRECTORY`. Reads the pid of each
 * postmaster, a line each, and, once its input ends because whoever wrote there is gone, ends the
 * last and removes the directory.
 */
import { rm } from "node:fs/promises"
import { createInterface } from "node:readline"
import { setTimeout as sleep } from "node:timers/promises"
import { resume, signalled } from "./processes.ts"

/** Milliseconds that the server has to end at once, before it is made to. */
const GRACE_MS = 1_000
/** Milliseconds between two looks. */
const LOOK_EVERY_MS = 20

// A Ctrl-C in the terminal is for the tests; their end is what is waited for.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => undefined)

const [, , directory = ""] = process.argv
let postmaster = 0
for await (const line of createInterface({ input: process.stdin })) postmaster = Number(line)

if (postmaster > 0) {
  signalled(postmaster, "SIGQUIT")
  await resume(postmaster)
  const until = performance.now() + GRACE_MS
  while (signalled(postmaster, 0) && performance.now() < until) await sleep(LOOK_EVERY_MS)
  signalled(postmaster, "SIGKILL")
}
await rm(directory, { recursive: true, force: true, maxRetries: 10 })
