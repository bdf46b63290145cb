import { readFileSync, readlinkSync } from "node:fs"
import { hostname } from "node:os"
import { v7 } from "uuid"

/** Read, or undefined where the system has no such thing. */
const seen = (read: () => string): string | undefined => {
  try {
    return read().trim()
  } catch {
    // Absence is an answer here: another system than Linux.
    return undefined
  }
}

/**
 * Names what two processes must share for one to be able to see whether the other runs: the host, its
 * boot and the space in which process ids are given. Hosts alone may have the same name, and two
 * containers on one host count their processes apart. Where it cannot be known, no two are the same.
 */
export const machineName = (): string => {
  const boot = seen(() => readFileSync("/proc/sys/kernel/random/boot_id", "utf8"))
  const processes = seen(() => readlinkSync("/proc/self/ns/pid"))
  const place = boot === undefined || processes === undefined ? v7() : `${boot} ${processes}`
  return `${hostname()} ${place}`
}
