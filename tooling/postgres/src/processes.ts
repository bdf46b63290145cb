import { execFile } from "node:child_process"
import { readFile } from "node:fs/promises"
import { promisify } from "node:util"
import { isObject } from "./isObject.ts"

const run = promisify(execFile)

/** Sends a signal; false where there is no such process any more. */
export const signalled = (pid: number, signal: NodeJS.Signals | 0): boolean => {
  try {
    return process.kill(pid, signal)
  } catch (cause) {
    if (isObject(cause) && cause.code === "ESRCH") return false
    throw cause
  }
}

const numbers = (text: string): ReadonlyArray<number> =>
  text
    .trim()
    .split(/\s+/)
    .filter((word) => word !== "")
    .map(Number)

/** A process that has ended in the meantime has no children any more. */
const ended = (cause: unknown): string => {
  if (isObject(cause) && (cause.code === "ENOENT" || cause.code === "ESRCH")) return ""
  throw cause
}

/** The processes that a process started and that still run. */
export const childrenOf = async (parent: number): Promise<ReadonlyArray<number>> => {
  // A slim container has no `ps`, and a Mac no `/proc`.
  if (process.platform === "linux")
    return numbers(await readFile(`/proc/${parent}/task/${parent}/children`, "utf8").catch(ended))
  const { stdout } = await run("ps", ["-A", "-o", "pid=,ppid="])
  return stdout.split("\n").flatMap((line) => {
    const [pid, ppid] = numbers(line)
    return pid !== undefined && ppid === parent ? [pid] : []
  })
}

/** Lets a process, and those that it started, go on after they were stopped where they stood. */
export const resume = async (parent: number): Promise<void> => {
  if (!signalled(parent, 0)) return
  for (const child of await childrenOf(parent)) signalled(child, "SIGCONT")
  signalled(parent, "SIGCONT")
}
