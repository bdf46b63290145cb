import { open } from "node:fs/promises"
import { homedir } from "node:os"
import { dirname, isAbsolute, join } from "node:path"
import { AuditUnavailable, type Environment } from "@campaignctl/core"
import { Effect, Predicate } from "effect"

/** Permissions of what is made: the ledger names campaigns, people and their notes. */
const OWNER_ONLY_DIRECTORY = 0o700
const OWNER_ONLY_FILE = 0o600

/**
 * The ledger's file where none is configured: `campaignctl/ledger.db` in the user's state directory.
 * A relative XDG_STATE_HOME is ignored. Source: XDG Base Directory Specification 0.8.
 */
export const defaultLedgerFile = (env: Environment): string => {
  const state = env["XDG_STATE_HOME"] ?? ""
  return join(
    isAbsolute(state) ? state : join(homedir(), ".local", "state"),
    "campaignctl",
    "ledger.db"
  )
}

/** Makes the file, and its directory, for their owner alone. Leaves one that is there as it is. */
export const makeOwnLedger = (filename: string): Effect.Effect<void, AuditUnavailable> =>
  Effect.tryPromise({
    try: async () => {
      const { makeDirectory } = await import("@campaignctl/ledger-sql")
      await makeDirectory(dirname(filename), OWNER_ONLY_DIRECTORY)
      try {
        await (await open(filename, "wx", OWNER_ONLY_FILE)).close()
      } catch (cause) {
        if (!Predicate.hasProperty(cause, "code") || cause.code !== "EEXIST") throw cause
      }
    },
    catch: (cause) =>
      new AuditUnavailable({
        detail: `${filename} cannot be made: ${Predicate.hasProperty(cause, "code") ? String(cause.code) : "for an unknown reason"}.`,
        changeMayHaveHappened: false
      })
  })
