import { spawn } from "node:child_process"
import { once } from "node:events"

const GUARDIAN = new URL("./guardian.ts", import.meta.url).pathname
/** Tells the guardian that there is no server to end. */
const NONE = 0

/** Sees to it that a server and its directory do not outlive this process, however it ends. */
export interface Guard {
  /** Names the process that is to be ended. */
  readonly watch: (pid: number) => void
  /** Removes the directory, and returns when it is gone. */
  readonly clean: () => Promise<void>
}

/** Starts the guard of a directory. */
export const guard = (directory: string): Guard => {
  const guardian = spawn(process.execPath, [GUARDIAN, directory], {
    stdio: ["pipe", "ignore", "inherit"],
    detached: true
  })
  const exited = once(guardian, "exit")
  guardian.unref()
  const watch = (pid: number) => void guardian.stdin.write(`${pid}\n`)
  return {
    watch,
    clean: async () => {
      watch(NONE)
      guardian.stdin.end()
      guardian.ref()
      await exited
    }
  }
}
