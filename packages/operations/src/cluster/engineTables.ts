import { Effect, Layer, Schedule } from "effect"
import { SqlMessageStorage, SqlRunnerStorage } from "effect/cluster"
import type { SqlClient } from "effect/sql"
import { OperationsUnavailable } from "../domain/errors.ts"

/** Tries, and milliseconds between them: another process makes the same tables in less than a second. */
const TRIES = 50
const TRY_MS = 100

/**
 * Makes the cluster's own tables. Processes that start at once on an empty database get into each
 * other's way, which the engine raises as a defect: whoever lost tries again, and finds them made.
 */
export const engineTables: Layer.Layer<never, OperationsUnavailable, SqlClient.SqlClient> =
  Layer.effectDiscard(
    Effect.scoped(
      // Built afresh by each try: a layer's failure is remembered.
      Effect.suspend(() =>
        Layer.build(
          Layer.fresh(
            Layer.mergeAll(
              SqlRunnerStorage.layerMigrations({}),
              SqlMessageStorage.layerMigrations({})
            )
          )
        )
      )
    ).pipe(
      Effect.catchDefect((defect) =>
        Effect.fail(
          new OperationsUnavailable({
            detail: `the cluster's tables could not be made: ${
              defect instanceof Error ? defect.message : String(defect)
            }.`
          })
        )
      ),
      Effect.retry({ times: TRIES, schedule: Schedule.spaced(TRY_MS) }),
      Effect.withTracerEnabled(false)
    )
  )
