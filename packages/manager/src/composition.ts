import { userInfo } from "node:os"
import { type Config, configuredWindows, type LedgerConfig, Settings } from "@campaignctl/core"
import { layer as genesysLayer } from "@campaignctl/genesys-cloud"
import { idsLive, layerLedgerClient, layerLedgerOnClient } from "@campaignctl/ledger-sql"
import { lazySafeguards } from "@campaignctl/operations/lazy-safeguards"
import { Effect, Layer, Result } from "effect"
import { SqlClient } from "effect/sql"
import { configOf } from "./configOf.ts"
import { Defaults, type PortsLayer } from "./Session.ts"
import { warningsOnly } from "./warnings.ts"

/** The ports that the options and the environment describe; both are read when the layer is built. */
export const portsOf = (options: unknown): PortsLayer =>
  Layer.unwrap(
    Effect.suspend(() =>
      Result.match(configOf(options, process.env), {
        onSuccess: (config) => Effect.succeed(portsOfConfig(config)),
        onFailure: Effect.fail
      })
    )
  )

const portsOfConfig = (config: Config): PortsLayer =>
  Layer.mergeAll(
    configuredWindows(config.window).pipe(Layer.provideMerge(genesysLayer(config.genesys))),
    databaseLayer(config.ledger),
    settingsOf(config),
    defaultsOf(config),
    warningsOnly
  )

/** What its database says of starts, on the ledger's client. */
const safeguards = Layer.unwrap(
  SqlClient.SqlClient.useSync((sql) => lazySafeguards(Layer.succeed(SqlClient.SqlClient, sql)))
)

/** The ledger, and what its database says of starts, on one client. */
const databaseLayer = (ledger: LedgerConfig) =>
  Layer.merge(layerLedgerOnClient(ledger), safeguards).pipe(
    Layer.provide(layerLedgerClient(ledger)),
    Layer.provide(idsLive)
  )

const settingsOf = ({ governanceLevel, guards, retry }: Config): Layer.Layer<never> =>
  Layer.succeed(Settings, { governanceLevel, guards, retry })

const defaultsOf = ({ requestedBy, webhookCallbackUrl }: Config): Layer.Layer<Defaults> =>
  Layer.sync(Defaults, () => ({
    requestedBy: requestedBy ?? processUser(),
    webhookUrl: webhookCallbackUrl
  }))

/** The user who runs the process. A container may run as one that has no name. */
const processUser = (): string => {
  try {
    return userInfo().username
  } catch {
    return `uid ${process.getuid?.() ?? "unknown"}`
  }
}
