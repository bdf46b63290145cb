import type { Environment, LedgerConfig } from "@campaignctl/core"
import { lazySafeguards } from "@campaignctl/operations/lazy-safeguards"
import { Effect, Layer } from "effect"
import { defaultLedgerFile, makeOwnLedger } from "./ledgerFile.ts"

/** What halts hold, and what is said of single campaigns, in the ledger's database. */
export const safeguardsLayer = (ledger: LedgerConfig, env: Environment): Layer.Layer<never> =>
  lazySafeguards(
    Layer.unwrap(
      Effect.gen(function* () {
        if (ledger.place === defaultLedgerFile(env)) yield* makeOwnLedger(ledger.place)
        const { layerLedgerClient } = yield* Effect.promise(() => import("@campaignctl/ledger-sql"))
        return layerLedgerClient(ledger)
      })
    )
  )
