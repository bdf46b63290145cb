import type { Config, ConfigInvalid, Environment } from "@campaignctl/core"
import {
  fileJournal,
  type HaltPorts,
  haltServices,
  layerSqlBudget,
  withoutDatabase
} from "@campaignctl/operations"
import { idsLive, layerLedgerClient, layerLedgerOnClient } from "@campaignctl/ledger-sql"
import { Effect, Layer, Option } from "effect"
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
  // Without the database the halt has a budget of its own: Genesys' refusals then tell who else asks.
  const shared = Layer.unwrap(Effect.as(own, layerSqlBudget(config.genesys))).pipe(
    Layer.provide(layerLedgerClient(ledger)),
    Layer.provide(idsLive)
  )
  const budget = Layer.unwrap(
    Effect.map(
      Effect.option(Layer.build(shared)),
      Option.match({
        onNone: () => Layer.empty,
        onSome: (context) => Layer.succeedContext(context)
      })
    )
  )
  return Layer.mergeAll(
    genesysLayer(config).pipe(Layer.provide(budget)),
    settingsLayer(config),
    database,
    idsLive,
    fileJournal(journalDirectory(ledger, env))
  )
}
