import { spawn } from "node:child_process"
import { once } from "node:events"
import { mkdtempSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { createInterface } from "node:readline"
import { fileURLToPath } from "node:url"
import type { Verification } from "@campaignctl/core"
import type { SimulatorReady } from "@campaignctl/genesys-simulator"
import { inject } from "vitest"
import type { ClusterState, Operation, Submission } from "../../src/index.ts"

/** Where a runner keeps its ledger and operations. */
export type Database =
  | { readonly _tag: "Sqlite"; readonly file: string }
  | { readonly _tag: "Postgres"; readonly url: string; readonly port: number }

/** What a runner is to do. */
export interface RunnerTask {
  readonly database: Database
  readonly simulator: SimulatorReady
  readonly submissions: ReadonlyArray<Submission>
  /** Whether it goes on when all are over, to serve others. */
  readonly stays?: boolean
}

/** What a runner says. */
export type RunnerSays =
  | { readonly _tag: "Ready" }
  | { readonly _tag: "Over"; readonly operation: Operation }
  | { readonly _tag: "Done"; readonly verification: Verification; readonly cluster: ClusterState }
  | { readonly _tag: "Failed"; readonly error: string; readonly message: string }

const PROGRAM = fileURLToPath(new URL("../programs/runner.ts", import.meta.url))

/** Compiled code that the runners share, so that each of many starts is short. */
const cache = join(tmpdir(), "campaignctl-compiled")

/** A folder of the test's own for its database. */
export const databaseFile = (): string =>
  join(mkdtempSync(join(tmpdir(), "operations-")), "ledger.db")

/** A runner in a process of its own. */
export const startRunner = (task: RunnerTask) => {
  const child = spawn(process.execPath, [inject("programs")[PROGRAM] ?? PROGRAM], {
    stdio: ["pipe", "pipe", "inherit"],
    env: { ...process.env, NODE_COMPILE_CACHE: cache }
  })
  child.stdin.end(JSON.stringify(task))
  const closed = once(child, "close")
  const said: Array<RunnerSays> = []
  const listeners = new Set<() => void>()
  const lines = createInterface(child.stdout)
  lines.on("line", (line) => {
    // Whatever else is printed is a log line, which a person reads where a test fails.
    if (line.startsWith("{")) said.push(JSON.parse(line))
    else process.stderr.write(`${line}\n`)
    for (const listener of listeners) listener()
  })
  const heard = <T extends RunnerSays["_tag"]>(tag: T) =>
    said.find((one): one is Extract<RunnerSays, { readonly _tag: T }> => one._tag === tag)
  return {
    pid: child.pid,
    heard,
    /** Waits until it says so, or has ended. */
    says: async <T extends RunnerSays["_tag"]>(tag: T) => {
      const { promise, resolve } = Promise.withResolvers<void>()
      const look = () => {
        if (heard(tag) !== undefined) resolve()
      }
      listeners.add(look)
      look()
      await Promise.race([promise, closed])
      listeners.delete(look)
      return heard(tag)
    },
    hasEnded: () => child.exitCode !== null || child.signalCode !== null,
    signal: (signal: NodeJS.Signals) => void child.kill(signal),
    kill: async (): Promise<void> => {
      child.kill("SIGKILL")
      await closed
    },
    ended: async (): Promise<void> => {
      await closed
    },
    [Symbol.asyncDispose]: async () => {
      child.kill("SIGKILL")
      await closed
    }
  }
}

export type StartedRunner = ReturnType<typeof startRunner>
