import type { Config } from "@campaignctl/core"
import { Effect } from "effect"
import type { SqlClient } from "effect/sql"
import { hint } from "../render/emit.ts"
import { Terminal } from "../terminal/Terminal.ts"

/**
 * Says that nothing is sent yet where no process of the service runs on this database. Told by who
 * carries operations on, as messages are delivered by the same process.
 */
export const hintWhereNobodySends = ({
  ledger
}: Config): Effect.Effect<void, never, SqlClient.SqlClient | Terminal> =>
  Effect.gen(function* () {
    const { quiet } = yield* Terminal
    if (quiet) return
    const { clusterStateOf } = yield* Effect.promise(() => import("../operations/all.ts"))
    const { shardsFree, shardsTotal } = yield* clusterStateOf(ledger)
    if (shardsFree === shardsTotal)
      yield* hint(
        "No `campaignctl serve` runs on this database now. It is what sends: events wait for it."
      )
  }).pipe(
    Effect.catch(({ message }) =>
      hint(`Whether a \`campaignctl serve\` runs that sends could not be learned: ${message}`)
    )
  )
