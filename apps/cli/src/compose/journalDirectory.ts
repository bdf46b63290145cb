import { dirname, join, resolve } from "node:path"
import type { Environment, LedgerConfig } from "@campaignctl/core"
import { defaultLedgerFile } from "./ledgerFile.ts"

/** Where a halt writes down what the ledger cannot take: beside its file, or in the user's state directory. */
export const journalDirectory = (ledger: LedgerConfig, env: Environment): string =>
  join(
    dirname(ledger._tag === "Sqlite" ? resolve(ledger.filename) : defaultLedgerFile(env)),
    "halt-journal"
  )
