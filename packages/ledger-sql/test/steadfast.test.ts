import { freshDatabase } from "@campaignctl/postgres-server/fresh"
import { Effect, Redacted } from "effect"
import { SqlClient } from "effect/sql"
import { expect, it } from "vitest"
import { layerPostgresClient } from "../src/postgres/index.ts"
import { sqlStateOf, steadfast } from "../src/steadfast.ts"

const PASSING = ["57P01", "57P02", "57P03", "53300", "40001", "40P01", "55P03"]
const LASTING = ["23505", "42501", "53100", "P0001"]

it("tries again after what passes, and after nothing else", async () => {
  const url = await freshDatabase()
  await Effect.runPromise(
    Effect.gen(function* () {
      const sql = yield* SqlClient.SqlClient
      for (const state of [...PASSING, ...LASTING]) {
        let tries = 0
        const refusedOnce = Effect.suspend(() => {
          tries += 1
          const refused = sql.unsafe(
            `DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = '${state}'; END $$`
          )
          return tries > 1 ? Effect.void : Effect.asVoid(refused)
        })
        const told = yield* steadfast(refusedOnce).pipe(
          Effect.match({ onFailure: sqlStateOf, onSuccess: () => "done" })
        )
        const expected = PASSING.includes(state) ? ["done", 2] : [state, 1]
        expect([told, tries], state).toEqual(expected)
      }
    }).pipe(Effect.provide(layerPostgresClient({ url: Redacted.make(url) })))
  )
})
