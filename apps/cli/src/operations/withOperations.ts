import { resolve } from "node:path"
import type {
  AuditUnavailable,
  Config,
  ConfigInvalid,
  Environment,
  Ids,
  TransitionPorts
} from "@campaignctl/core"
import type {
  Operations,
  OperationsUnavailable,
  PolicyStore,
  Schedules
} from "@campaignctl/operations"
import { Effect, Layer } from "effect"
import { genesysLayer, ledgerClientLayer, settingsLayer } from "../compose/layers.ts"
import { hint } from "../render/emit.ts"
import type { Terminal } from "../terminal/Terminal.ts"

/** What commands on operations work with. */
export type OperationsServices = Operations | PolicyStore | Schedules | TransitionPorts | Ids

/** Whether this process may carry operations on itself. */
export interface Carrying {
  /**
   * `true`: it carries on what is open, itself where no other process does on a SQLite file. On
   * PostgreSQL the service's processes alone do. `false`: it only submits, steers and looks.
   */
  readonly carries: boolean
}

/** Operations on the configured database. The engine is loaded when the layer is built. */
export const operationsLayer = (
  config: Config,
  env: Environment,
  { carries }: Carrying
): Layer.Layer<
  OperationsServices,
  ConfigInvalid | AuditUnavailable | OperationsUnavailable,
  Terminal
> =>
  Layer.unwrap(
    Effect.gen(function* () {
      const { holidayLists, ledger } = config
      const [operations, { idsLive, layerLedgerOnClient }] = yield* Effect.promise(() =>
        Promise.all([import("@campaignctl/operations"), import("@campaignctl/ledger-sql")])
      )
      const submitting = operations.layerSubmitting
      const engine =
        !carries || ledger._tag !== "Sqlite"
          ? submitting
          : Layer.catchTag(
              operations.layerSingle({ filename: resolve(ledger.filename), holidayLists }),
              "EngineInUse",
              () => Layer.merge(submitting, Layer.effectDiscard(elsewhere))
            )
      return engine.pipe(
        Layer.provideMerge(
          Layer.mergeAll(
            operations.PolicyStore.layer,
            operations.haltServices,
            operations.layerSchedules({ holidayLists }),
            genesysLayer(config).pipe(
              Layer.provide(operations.layerSqlBudget(config.genesys).pipe(Layer.provide(idsLive)))
            ),
            settingsLayer(config)
          )
        ),
        Layer.provideMerge(layerLedgerOnClient(ledger)),
        Layer.provideMerge(idsLive),
        Layer.provideMerge(
          operations.layerCampaignPolicies.pipe(Layer.provide(operations.PolicyStore.layer))
        ),
        Layer.provide(ledgerClientLayer(ledger, env))
      )
    })
  )

const elsewhere: Effect.Effect<void, never, Terminal> = hint(
  "Another process carries on the operations of this file; it does the work, and this one looks on."
)
