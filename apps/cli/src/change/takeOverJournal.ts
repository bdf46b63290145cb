import { existsSync } from "node:fs"
import type { AuditLog, Environment, LedgerConfig } from "@campaignctl/core"
import { journalDirectory } from "@campaignctl/operations/state-directory"
import { Effect } from "effect"
import { hint, warn } from "../render/emit.ts"
import { onOneLine } from "../render/onOneLine.ts"
import type { Terminal } from "../terminal/Terminal.ts"

/** Takes into the ledger what a halt wrote down beside it while it could not be used. Holds nothing up. */
export const takeOverJournal = (
  ledger: LedgerConfig,
  env: Environment
): Effect.Effect<void, never, AuditLog | Terminal> => {
  const directory = journalDirectory(ledger, env)
  // Few have one, and what reads it is not loaded for all the others.
  if (!existsSync(directory)) return Effect.void
  return Effect.gen(function* () {
    const { takeOverJournals } = yield* Effect.promise(() => import("@campaignctl/operations"))
    const { entries, unreadable } = yield* takeOverJournals(directory)
    if (entries > 0)
      yield* hint(`${entries} entries of a halt were taken over into the ledger from ${directory}.`)
    if (unreadable > 0)
      yield* warn(`${unreadable} lines in ${directory} cannot be read, and were left there.`)
  }).pipe(
    Effect.catch(({ message }) =>
      warn(`What a halt wrote down in ${directory} waits for the ledger: ${onOneLine(message)}`)
    )
  )
}
