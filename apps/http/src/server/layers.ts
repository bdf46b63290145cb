import {
  type AuditUnavailable,
  type Config,
  ConfigInvalid,
  configuredWindows,
  type Environment,
  type LedgerConfig,
  Settings
} from "@campaignctl/core"
import { Diagnosis, layer as genesysClient } from "@campaignctl/genesys-cloud"
import { idsLive, layerLedgerClient, layerLedgerOnClient } from "@campaignctl/ledger-sql"
import {
  type EngineInUse,
  fileJournal,
  guardStoreSql,
  haltServices,
  layerCampaignPolicies,
  layerGuard,
  layerSchedules,
  layerSqlBudget,
  type OperationsUnavailable,
  PolicyStore,
  settleHolds,
  takeOverJournals,
  watchStoreSql
} from "@campaignctl/operations"
import { journalDirectory } from "@campaignctl/operations/state-directory"
import type { WebhooksUnavailable } from "@campaignctl/webhooks"
import { Effect, Layer } from "effect"
import type { AppServices } from "../app.ts"
import { Callers, callersGuarded, callersOpen } from "../callers/Callers.ts"
import { KeyStore, keyStoreSql } from "../callers/KeyStore.ts"
import type { HttpConfig } from "../config/HttpConfig.ts"
import { emergencyHalts } from "../halt/EmergencyHalts.ts"
import { isLoopback } from "../config/loopback.ts"
import { readinessOf } from "../health/Readiness.ts"
import { engineLayer } from "./engine.ts"
import { idempotencySql } from "../idempotency/Idempotency.ts"
import { delivering, webhooksLayer } from "../webhooks/layers.ts"

/** Genesys, with the calling window that is configured, on the budget that all share who are on the database. */
const genesysLayer = ({ genesys, window }: Config) =>
  configuredWindows(window).pipe(
    Layer.provideMerge(genesysClient(genesys)),
    Layer.provideMerge(layerSqlBudget(genesys)),
    Layer.provide(idsLive)
  )

/** The ledger, the keys and the kept answers, in one database, with the client of it. */
export const databaseLayer = (ledger: LedgerConfig) =>
  Layer.mergeAll(layerLedgerOnClient(ledger), keyStoreSql, idempotencySql).pipe(
    Layer.provideMerge(layerLedgerClient(ledger)),
    Layer.provide(idsLive)
  )

/** Tells the ledger what it could not be told when it happened. */
const tellOverdue = Effect.fnUntraced(function* (directory: string) {
  const { entries, unreadable } = yield* takeOverJournals(directory)
  if (entries + unreadable > 0)
    yield* Effect.logWarning("An emergency journal was taken over.", { entries, unreadable })
  yield* settleHolds
})

/** The same at the start. Whoever starts next tries again. */
const overdueLayer = (directory: string) =>
  Layer.effectDiscard(
    tellOverdue(directory).pipe(
      Effect.catch(({ message }) =>
        Effect.logError("The ledger could not be told all that happened.", message)
      )
    )
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

/** What carries operations on, watches, and delivers to those who subscribed. */
const workingLayer = (config: Config, http: HttpConfig) =>
  Layer.unwrap(
    Effect.map(delivering(config), (webhooks) => engineLayer(config, http, [webhooks]))
  ).pipe(Layer.provide(idsLive))

/**
 * Everything that the service stands on. The environment says where a halt writes down what the ledger
 * cannot take.
 */
export const serviceLayer = (
  config: Config,
  http: HttpConfig,
  env: Environment = process.env
): Layer.Layer<
  AppServices,
  ConfigInvalid | AuditUnavailable | EngineInUse | OperationsUnavailable | WebhooksUnavailable
> => {
  const { governanceLevel, guards, retry } = config
  const journal = journalDirectory(config.ledger, env)
  const base = Layer.mergeAll(
    genesysLayer(config),
    fileJournal(journal),
    Layer.succeed(Settings, { governanceLevel, guards, retry })
  ).pipe(Layer.provideMerge(databaseLayer(config.ledger)))
  const ready = Layer.unwrap(Effect.map(Diagnosis, ({ token }) => readinessOf(token)))
  return Layer.mergeAll(
    callersLayer(http, config.requestedBy ?? "somebody on this machine"),
    ready,
    Layer.provideMerge(emergencyHalts(tellOverdue(journal)), workingLayer(config, http)),
    webhooksLayer(config),
    watchStoreSql,
    Layer.provide(layerGuard(config.supervision), guardStoreSql),
    Layer.provide(layerSchedules({ holidayLists: config.holidayLists }), idsLive),
    overdueLayer(journal)
  ).pipe(Layer.provideMerge(rulesLayer), Layer.provideMerge(base))
}
