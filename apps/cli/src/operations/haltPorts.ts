import type { Config, ConfigInvalid, Environment } from "@campaignctl/core"
import { fileJournal, type HaltPorts, haltServices, withoutDatabase } from "@campaignctl/operations"
import { idsLive, layerLedgerClient, layerLedgerOnClient } from "@campaignctl/ledger-sql"
import { Effect, Layer } from "effect"
import { journalDirectory } from "../compose/journalDirectory.ts"
import { defaultLedgerFile, makeOwnLedger } from "../compose/ledgerFile.ts"
import { genesysLayer, settingsLayer } from "../compose/layers.ts"
import { warn } from "../render/emit.ts"
import type { Terminal } from "../terminal/Terminal.ts"

/** What a halt of this process works with. A database that cannot be opened does not keep it from stopping. */
export const haltPorts = (
  config: Config,
  env: Environment
): Layer.Layer<HaltPorts, ConfigInvalid, Terminal> => {
  const { ledger } = config
  const own = ledger.place === defaultLedgerFile(env) ? makeOwnLedger(ledger.place) : Effect.void
  const database = Layer.unwrap(
    Effect.as(own, Layer.merge(layerLedgerOnClient(ledger), haltServices))
  ).pipe(
    Layer.provide(layerLedgerClient(ledger)),
    Layer.provide(idsLive),
    Layer.catch((error) =>
      Layer.unwrap(
        Effect.as(
          warn(
            `The ledger's database cannot be used; the halt goes on without it. ${error.message}`
          ),
          withoutDatabase(error.message)
        )
      )
    )
  )
  return Layer.mergeAll(
    genesysLayer(config),
    settingsLayer(config),
    database,
    idsLive,
    fileJournal(journalDirectory(ledger, env))
  )
}
