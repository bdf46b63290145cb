import {
  type AuditUnavailable,
  type Config,
  ConfigInvalid,
  configuredWindows,
  type LedgerConfig,
  Settings
} from "@campaignctl/core"
import { Diagnosis, layer as genesysClient } from "@campaignctl/genesys-cloud"
import { idsLive, layerLedgerClient, layerLedgerOnClient } from "@campaignctl/ledger-sql"
import {
  type EngineInUse,
  haltServices,
  layerCampaignPolicies,
  type OperationsUnavailable,
  PolicyStore
} from "@campaignctl/operations"
import { Effect, Layer } from "effect"
import type { AppServices } from "../app.ts"
import { Callers, callersGuarded, callersOpen } from "../callers/Callers.ts"
import { KeyStore, keyStoreSql } from "../callers/KeyStore.ts"
import type { HttpConfig } from "../config/HttpConfig.ts"
import { isLoopback } from "../config/loopback.ts"
import { readinessOf } from "../health/Readiness.ts"
import { engineLayer } from "./engine.ts"
import { idempotencySql } from "../idempotency/Idempotency.ts"

/** Genesys, with the calling window that is configured. */
const genesysLayer = ({ genesys, window }: Config) =>
  Layer.provideMerge(configuredWindows(window), genesysClient(genesys))

/** The ledger, the keys and the kept answers, in one database, with the client of it. */
export const databaseLayer = (ledger: LedgerConfig) =>
  Layer.mergeAll(layerLedgerOnClient(ledger), keyStoreSql, idempotencySql).pipe(
    Layer.provideMerge(layerLedgerClient(ledger)),
    Layer.provide(idsLive)
  )

/** What holds for every transition of every kind: the halts, and the windows and minimums of single campaigns. */
const rulesLayer = layerCampaignPolicies.pipe(
  Layer.provideMerge(Layer.merge(PolicyStore.layer, haltServices))
)

/**
 * Without an issuer, and where no key was ever made, callers need no credential and must be on this
 * machine. A key that was revoked counts: revoking the last one must not open the door.
 */
const callersLayer = ({ host, oidc }: HttpConfig, openAs: string) =>
  Layer.unwrap(
    Effect.gen(function* () {
      const keys = yield* Effect.flatMap(KeyStore, ({ list }) => list)
      if (oidc !== undefined || keys.length > 0) return callersGuarded(oidc)
      if (isLoopback(host)) return callersOpen(openAs)
      return Layer.effect(
        Callers,
        Effect.fail(
          new ConfigInvalid({
            problems: [
              {
                key: "CAMPAIGNCTL_HTTP_HOST",
                expected:
                  "a loopback address, because there is neither an API key (campaignctl key create) nor an issuer (CAMPAIGNCTL_OIDC_ISSUER)",
                found: host
              }
            ]
          })
        )
      )
    })
  )

/** Everything that the service stands on. */
export const serviceLayer = (
  config: Config,
  http: HttpConfig
): Layer.Layer<
  AppServices,
  ConfigInvalid | AuditUnavailable | EngineInUse | OperationsUnavailable
> => {
  const { governanceLevel, guards, retry } = config
  const base = Layer.mergeAll(
    genesysLayer(config),
    databaseLayer(config.ledger),
    Layer.succeed(Settings, { governanceLevel, guards, retry })
  )
  const ready = Layer.unwrap(Effect.map(Diagnosis, ({ token }) => readinessOf(token)))
  return Layer.mergeAll(
    callersLayer(http, config.requestedBy ?? "somebody on this machine"),
    ready,
    engineLayer(config, http)
  ).pipe(Layer.provideMerge(rulesLayer), Layer.provideMerge(base))
}
