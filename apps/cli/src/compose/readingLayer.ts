import {
  AuditLog,
  type AuditUnavailable,
  type Config,
  type ConfigInvalid,
  type Environment,
  type LedgerConfig,
  type TransitionPorts
} from "@campaignctl/core"
import type { GenesysServices } from "@campaignctl/genesys-cloud"
import { Context, Effect, Fiber, Layer, Stream } from "effect"
import { genesysLayer, ledgerLayer, settingsLayer } from "./layers.ts"
import { safeguardsLayer } from "./safeguardsLayer.ts"

/**
 * The ledger, opened while something else is waited for; who uses it waits until it is open.
 *
 * For commands that only look: their first request need not wait for the ledger. A change opens the
 * ledger before anything else.
 */
const ledgerInBackground = (config: LedgerConfig, env: Environment): Layer.Layer<AuditLog> =>
  Layer.effect(
    AuditLog,
    Effect.gen(function* () {
      const opening = yield* Effect.forkScoped(Layer.build(ledgerLayer(config, env)))
      const opened = Effect.map(Fiber.join(opening), (context) => Context.get(context, AuditLog))
      const use = <A>(
        operation: (log: AuditLog["Service"]) => Effect.Effect<A, AuditUnavailable>
      ): Effect.Effect<A, AuditUnavailable> => Effect.flatMap(opened, operation)
      return {
        append: (draft) => use((log) => log.append(draft)),
        lastApplied: (ids) => use((log) => log.lastApplied(ids)),
        unsettled: use((log) => log.unsettled),
        query: (query) => Stream.unwrap(Effect.map(opened, (log) => log.query(query))),
        verify: use((log) => log.verify),
        writable: use((log) => log.writable)
      }
    })
  )

/** Everything that a command needs which looks at campaigns and changes nothing. */
export const readingLayer = (
  config: Config,
  env: Environment
): Layer.Layer<TransitionPorts | GenesysServices, ConfigInvalid> =>
  Layer.mergeAll(
    genesysLayer(config),
    ledgerInBackground(config.ledger, env),
    safeguardsLayer(config.ledger, env),
    settingsLayer(config)
  )
