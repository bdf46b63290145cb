import { homedir } from "node:os"
import { dirname, isAbsolute, join, resolve } from "node:path"
import type { Environment, LedgerConfig } from "@campaignctl/core"

/**
 * Where this program keeps what is a user's own on one machine: `campaignctl` in the user's state
 * directory. A relative XDG_STATE_HOME is ignored. Source: XDG Base Directory Specification 0.8.
 */
export const stateDirectory = (env: Environment): string => {
  const state = env["XDG_STATE_HOME"] ?? ""
  return join(isAbsolute(state) ? state : join(homedir(), ".local", "state"), "campaignctl")
}

/**
 * Where a halt writes down what the ledger cannot take: beside the ledger's file, or in the state
 * directory where the ledger is on a server. One place for every process of a user on a machine, so
 * that the next that starts finds what the last one left, whichever of them was started how.
 */
export const journalDirectory = (ledger: LedgerConfig, env: Environment): string =>
  join(
    ledger._tag === "Sqlite" ? dirname(resolve(ledger.filename)) : stateDirectory(env),
    "halt-journal"
  )
