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
import { lazySafeguards } from "@campaignctl/operations/lazy-safeguards"
import { Context, Effect, Fiber, Layer, Stream } from "effect"
import { genesysLayer, ledgerLayer, settingsLayer } from "./layers.ts"

/**
 * The ledger and what stands beside it in its database, opened while something else is waited for;
 * who uses it waits until it is open.
 *
 * For commands that only look: their first request need not wait for the ledger. A change opens the
 * ledger before anything else.
 */
const ledgerInBackground = (config: LedgerConfig, env: Environment): Layer.Layer<AuditLog> =>
  Layer.unwrap(
    Effect.gen(function* () {
      const opening = yield* Effect.forkScoped(Layer.build(ledgerLayer(config, env)))
      const context = Fiber.join(opening)
      const opened = Effect.map(context, (found) => Context.get(found, AuditLog))
      const use = <A>(
        operation: (log: AuditLog["Service"]) => Effect.Effect<A, AuditUnavailable>
      ): Effect.Effect<A, AuditUnavailable> => Effect.flatMap(opened, operation)
      const log = Layer.succeed(AuditLog, {
        append: (draft) => use((log) => log.append(draft)),
        lastApplied: (ids) => use((log) => log.lastApplied(ids)),
        unsettled: use((log) => log.unsettled),
        query: (query) => Stream.unwrap(Effect.map(opened, (log) => log.query(query))),
        verify: use((log) => log.verify),
        writable: use((log) => log.writable)
      })
      return Layer.merge(log, lazySafeguards(Layer.effectContext(context)))
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
    settingsLayer(config)
  )
