import type { Config, ConfigInvalid, Environment } from "@campaignctl/core"
import {
  fileJournal,
  type HaltPorts,
  haltServices,
  layerSqlBudget,
  withoutDatabase
} from "@campaignctl/operations"
import { idsLive } from "@campaignctl/ledger-sql"
import { journalDirectory } from "@campaignctl/operations/state-directory"
import { Effect, Layer } from "effect"
import { genesysLayer, ledgerLayer, settingsLayer } from "../compose/layers.ts"
import { warn } from "../render/emit.ts"
import type { Terminal } from "../terminal/Terminal.ts"

/** What a halt of this process works with. A database that cannot be opened does not keep it from stopping. */
export const haltPorts = (
  config: Config,
  env: Environment
): Layer.Layer<HaltPorts, ConfigInvalid, Terminal> => {
  const { genesys, ledger } = config
  // Without it the halt has a budget of its own: Genesys' refusals then tell who else asks.
  const budget = Layer.catch(layerSqlBudget(genesys), () => Layer.empty)
  const database = Layer.merge(haltServices, budget).pipe(
    Layer.provideMerge(ledgerLayer(ledger, env)),
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
    genesysLayer(config).pipe(Layer.provideMerge(database)),
    settingsLayer(config),
    fileJournal(journalDirectory(ledger, env))
  ).pipe(Layer.provideMerge(idsLive))
}
