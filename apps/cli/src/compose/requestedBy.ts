import { hostname, userInfo } from "node:os"
import type { Config } from "@campaignctl/core"

const userName = (): string => {
  try {
    return userInfo().username
  } catch {
    // A user without an entry in the system's list, as in many containers.
    return process.getuid === undefined ? "somebody" : `uid-${process.getuid()}`
  }
}

/** Who asks, as the audit records it: as configured, else the operating system's user and host. */
export const requestedBy = ({ requestedBy }: Pick<Config, "requestedBy">): string =>
  requestedBy ?? `${userName()}@${hostname()}`
