import { readFileSync, readlinkSync } from "node:fs"

/** Read, or undefined where the system has no such thing: another one than Linux, or the process is gone. */
const seen = (read: () => string): string | undefined => {
  try {
    return read().trim()
  } catch {
    // Absence is an answer here, and every reason for it is the same answer: it cannot be seen.
    return undefined
  }
}

/** A file of the system's own. */
export const procFile = (path: string): string | undefined => seen(() => readFileSync(path, "utf8"))

/** What a link of the system's own says. */
export const procLink = (path: string): string | undefined => seen(() => readlinkSync(path))

/** Differs after each start of the system. */
export const bootId = procFile("/proc/sys/kernel/random/boot_id")
