import {
  type AuditLog,
  type AuditUnavailable,
  type Config,
  type ConfigInvalid,
  configuredWindows,
  type Environment,
  type LedgerConfig,
  Settings,
  type TransitionPorts
} from "@campaignctl/core"
import type { GenesysServices } from "@campaignctl/genesys-cloud"
import { Effect, Layer } from "effect"
import type { SqlClient } from "effect/sql"
import { makeOwnLedger } from "./ledgerFile.ts"
import { safeguardsOnClient } from "./safeguardsLayer.ts"

/**
 * The one client that a command has of the ledger's database, in its file or on its server. The
 * engine is loaded when the layer is built.
 */
export const ledgerClientLayer = (
  ledger: LedgerConfig,
  env: Environment
): Layer.Layer<SqlClient.SqlClient, AuditUnavailable> =>
  Layer.unwrap(
    Effect.gen(function* () {
      yield* makeOwnLedger(ledger, env)
      const { layerLedgerClient } = yield* Effect.promise(() => import("@campaignctl/ledger-sql"))
      return layerLedgerClient(ledger)
    })
  )

/** The ledger, beside the client that it is on. */
export const ledgerLayer = (
  ledger: LedgerConfig,
  env: Environment
): Layer.Layer<AuditLog | SqlClient.SqlClient, AuditUnavailable> =>
  Layer.unwrap(
    Effect.map(
      Effect.promise(() => import("@campaignctl/ledger-sql")),
      ({ idsLive, layerLedgerOnClient }) => Layer.provide(layerLedgerOnClient(ledger), idsLive)
    )
  ).pipe(Layer.provideMerge(ledgerClientLayer(ledger, env)))

/** Genesys, with the calling window that is configured. The client is loaded when the layer is built. */
export const genesysLayer = ({
  genesys,
  window
}: Config): Layer.Layer<GenesysServices, ConfigInvalid> => {
  const client = Layer.unwrap(
    Effect.map(
      Effect.promise(() => import("@campaignctl/genesys-cloud")),
      ({ layer }) => layer(genesys)
    )
  )
  return Layer.provideMerge(configuredWindows(window), client)
}

/** What a deployment decides once. */
export const settingsLayer = ({ governanceLevel, guards, retry }: Config): Layer.Layer<never> =>
  Layer.succeed(Settings, { governanceLevel, guards, retry })

/** Everything that a command on campaigns needs. */
export const appLayer = (
  config: Config,
  env: Environment
): Layer.Layer<TransitionPorts | GenesysServices, ConfigInvalid | AuditUnavailable> =>
  Layer.mergeAll(
    genesysLayer(config),
    Layer.provideMerge(safeguardsOnClient, ledgerLayer(config.ledger, env)),
    settingsLayer(config)
  )
