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
import { defaultLedgerFile, makeOwnLedger } from "./ledgerFile.ts"
import { safeguardsLayer } from "./safeguardsLayer.ts"

/** The ledger in its file or on its server. The engine is loaded when the layer is built. */
export const ledgerLayer = (
  ledger: LedgerConfig,
  env: Environment
): Layer.Layer<AuditLog, AuditUnavailable> =>
  Layer.unwrap(
    Effect.gen(function* () {
      if (ledger.place === defaultLedgerFile(env)) yield* makeOwnLedger(ledger.place)
      const { idsLive, layerLedger } = yield* Effect.promise(
        () => import("@campaignctl/ledger-sql")
      )
      return Layer.provide(layerLedger(ledger), idsLive)
    })
  )

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
    ledgerLayer(config.ledger, env),
    safeguardsLayer(config.ledger, env),
    settingsLayer(config)
  )
