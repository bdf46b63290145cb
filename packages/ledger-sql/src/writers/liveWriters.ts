import { hostname } from "node:os"
import { Predicate } from "effect"
import { bootId, procFile } from "./proc.ts"
import type { Writer } from "./Writer.ts"

/** Fields of `/proc/PID/stat` counted from the one after the command's closing bracket. Source: proc_pid_stat(5). */
const STATE_FIELD = 0
const START_TIME_FIELD = 19
/** The states of a process that has ended and that its parent has not yet asked about. Same source. */
const ENDED_STATES: ReadonlySet<string> = new Set(["Z", "X", "x"])

const seenIn = (pid: number): { readonly state: string; readonly started: string } | undefined => {
  const stat = procFile(`/proc/${pid}/stat`)
  if (stat === undefined) return undefined
  // The command's name may hold spaces and brackets of its own.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ")
  return {
    state: fields[STATE_FIELD] ?? "",
    // A start time counts from the boot, so that the boot is a part of it.
    started: `${bootId ?? ""}/${fields[START_TIME_FIELD] ?? ""}`
  }
}

const exists = (pid: number): boolean => {
  try {
    return process.kill(pid, 0)
  } catch (cause) {
    // EPERM: it is there, and somebody else's.
    return !(Predicate.hasProperty(cause, "code") && cause.code === "ESRCH")
  }
}

const self: Writer = {
  host: hostname(),
  pid: process.pid,
  // Without /proc, the instant at which this module was loaded is the only one that this run alone has.
  started: seenIn(process.pid)?.started ?? `loaded ${performance.timeOrigin}`
}

/** What the operating system can tell of the processes of this host. */
export const liveWriters = () => ({
  self,
  runs: (writer: Writer): boolean | undefined => {
    if (writer.host !== self.host) return undefined
    if (writer.pid === self.pid) return writer.started === self.started
    if (!exists(writer.pid)) return false
    const seen = seenIn(writer.pid)
    if (seen === undefined) return undefined
    return seen.started === writer.started && !ENDED_STATES.has(seen.state)
  }
})
