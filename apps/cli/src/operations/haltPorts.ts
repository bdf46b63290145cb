import type { Config, ConfigInvalid, Environment } from "@campaignctl/core"
import {
  databaseLater,
  fileJournal,
  type HaltPorts,
  haltServices,
  layerSqlBudget
} from "@campaignctl/operations"
import { idsLive } from "@campaignctl/ledger-sql"
import { journalDirectory } from "@campaignctl/operations/state-directory"
import { Effect, Exit, Fiber, Layer } from "effect"
import { genesysLayer, ledgerLayer, settingsLayer } from "../compose/layers.ts"
import { warn } from "../render/emit.ts"
import type { Terminal } from "../terminal/Terminal.ts"

/** Milliseconds that the stops wait at most for the database to be opened. A healthy one takes a few. */
const OPENING_PATIENCE_MS = 2_000

/**
 * The database where it opens at once. Where it does not, the halt goes on without it, has a budget of
 * its own, in which Genesys' refusals tell who else asks, and tries again to open it for the hold.
 */
const databaseOf = ({ genesys, ledger }: Config, env: Environment) => {
  const kept = haltServices.pipe(Layer.provideMerge(ledgerLayer(ledger, env)))
  const budget = Layer.catch(layerSqlBudget(genesys), () => Layer.empty)
  const open = Layer.merge(haltServices, budget).pipe(Layer.provideMerge(ledgerLayer(ledger, env)))
  return Layer.unwrap(
    Effect.gen(function* () {
      const opening = yield* Effect.forkScoped(Layer.build(open))
      const exit = yield* Effect.timeoutOption(Fiber.await(opening), OPENING_PATIENCE_MS)
      if (exit._tag === "Some" && Exit.isSuccess(exit.value))
        return Layer.succeedContext(exit.value.value)
      // What hangs may not even be interrupted.
      yield* Effect.forkDetach(Fiber.interrupt(opening))
      // The cause alone: that nothing was changed, as the error says, is not so of a halt.
      const why = yield* exit._tag === "None"
        ? Effect.succeed("It gives no answer.")
        : Effect.match(exit.value, { onFailure: ({ detail }) => detail, onSuccess: () => "" })
      yield* warn(`The ledger's database cannot be used; the halt goes on without it. ${why}`)
      return databaseLater(kept)
    })
  )
}

/** What a halt of this process works with. A database that cannot be opened does not keep it from stopping. */
export const haltPorts = (
  config: Config,
  env: Environment
): Layer.Layer<HaltPorts, ConfigInvalid, Terminal> =>
  Layer.mergeAll(
    genesysLayer(config).pipe(Layer.provideMerge(databaseOf(config, env))),
    settingsLayer(config),
    fileJournal(journalDirectory(config.ledger, env))
  ).pipe(Layer.provideMerge(idsLive))
