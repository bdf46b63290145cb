import { existsSync } from "node:fs"
import { open } from "node:fs/promises"
import { dirname, join } from "node:path"
import { AuditUnavailable, type Environment, type LedgerConfig } from "@campaignctl/core"
import { stateDirectory } from "@campaignctl/operations/state-directory"
import { Effect, Predicate } from "effect"

/** Permissions of what is made: the ledger names campaigns, people and their notes. */
const OWNER_ONLY_DIRECTORY = 0o700
const OWNER_ONLY_FILE = 0o600

/** The ledger's file where none is configured: `ledger.db` in the user's state directory. */
export const defaultLedgerFile = (env: Environment): string =>
  join(stateDirectory(env), "ledger.db")

/**
 * Makes the user's own ledger, and its directory, for their owner alone, where it is the one in use.
 * Leaves one that is there as it is, and every other place to whoever configured it.
 */
export const makeOwnLedger = (
  { place }: LedgerConfig,
  env: Environment
): Effect.Effect<void, AuditUnavailable> =>
  Effect.suspend(() =>
    place === defaultLedgerFile(env) && !existsSync(place) ? makeLedger(place) : Effect.void
  )

const makeLedger = (filename: string): Effect.Effect<void, AuditUnavailable> =>
  Effect.tryPromise({
    try: async () => {
      const { makeDirectory } = await import("@campaignctl/ledger-sql")
      await makeDirectory(dirname(filename), OWNER_ONLY_DIRECTORY)
      try {
        await (await open(filename, "wx", OWNER_ONLY_FILE)).close()
      } catch (cause) {
        // Another process has just made it.
        if (!Predicate.hasProperty(cause, "code") || cause.code !== "EEXIST") throw cause
      }
    },
    catch: (cause) =>
      new AuditUnavailable({
        detail: `${filename} cannot be made: ${Predicate.hasProperty(cause, "code") ? String(cause.code) : "for an unknown reason"}.`,
        changeMayHaveHappened: false
      })
  })
