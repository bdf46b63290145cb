import { hostname } from "node:os"
import { v7 } from "uuid"
import { bootId, procLink } from "../writers/proc.ts"

/**
 * Names what two processes must share for one to be able to see whether the other runs: the host, its
 * boot and the space in which process ids are given. Hosts alone may have the same name, and two
 * containers on one host count their processes apart. Where it cannot be known, no two are the same.
 */
export const machineName = (): string => {
  const processes = procLink("/proc/self/ns/pid")
  const place = bootId === undefined || processes === undefined ? v7() : `${bootId} ${processes}`
  return `${hostname()} ${place}`
}
