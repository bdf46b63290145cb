import { it } from "@effect/vitest"
import { Effect, Layer, Stream } from "effect"
import { Reactivity } from "effect/reactivity"
import { SqlClient } from "effect/sql"
import { describe, expect } from "vitest"
import { makeNodeSqlite } from "../src/sqlite/NodeSqlite.ts"

const client = Layer.effect(
  SqlClient.SqlClient,
  makeNodeSqlite({ filename: ":memory:", pragmas: [], busyTimeoutMs: 0 })
).pipe(Layer.provide(Reactivity.layer))

/** More than two of the batches that a stream takes. */
const ROWS = 300

describe("SqlClient on node:sqlite", () => {
  it.effect("streams a result, as far as it is pulled", () =>
    Effect.gen(function* () {
      const sql = yield* SqlClient.SqlClient
      yield* sql`CREATE TABLE numbers (n INTEGER)`
      for (let n = 0; n < ROWS; n++) yield* sql`INSERT INTO numbers VALUES (${n})`
      const all = sql<{ n: number }>`SELECT n FROM numbers ORDER BY n`.stream
      expect((yield* Stream.runCollect(all)).map(({ n }) => n)).toEqual(
        Array.from({ length: ROWS }, (_, n) => n)
      )
      expect((yield* Stream.runCollect(Stream.take(all, 3))).map(({ n }) => n)).toEqual([0, 1, 2])
      // A statement left open would keep the table from being dropped.
      yield* sql`DROP TABLE numbers`
    }).pipe(Effect.provide(client))
  )

  it.effect("takes back what a failed transaction wrote, and nothing else", () =>
    Effect.gen(function* () {
      const sql = yield* SqlClient.SqlClient
      yield* sql`CREATE TABLE numbers (n INTEGER UNIQUE)`
      yield* sql`INSERT INTO numbers VALUES (1)`
      const failing = Effect.andThen(
        sql`INSERT INTO numbers VALUES (2)`,
        sql`INSERT INTO numbers VALUES (1)`
      )
      const error = yield* Effect.flip(sql.withTransaction(failing))
      expect(error.reason._tag).toBe("UniqueViolation")
      expect(yield* sql`SELECT n FROM numbers`.values).toEqual([[1]])
    }).pipe(Effect.provide(client))
  )

  it.effect("asks again for what it once refused", () =>
    Effect.gen(function* () {
      const sql = yield* SqlClient.SqlClient
      const look = sql`SELECT n FROM numbers`.values
      expect((yield* Effect.flip(look)).reason.cause).toMatchObject({
        message: "no such table: numbers"
      })
      yield* sql`CREATE TABLE numbers (n INTEGER)`
      expect(yield* look).toEqual([])
    }).pipe(Effect.provide(client))
  )

  it.effect("binds booleans and dates, and refuses what has no form", () =>
    Effect.gen(function* () {
      const sql = yield* SqlClient.SqlClient
      const [row] = yield* sql<{
        yes: number
        at: string
      }>`SELECT ${true} AS yes, ${new Date(0)} AS at`
      expect({ ...row }).toEqual({ yes: 1, at: "1970-01-01T00:00:00.000Z" })
      expect((yield* Effect.flip(sql`SELECT ${Symbol("none")}`))._tag).toBe("SqlError")
    }).pipe(Effect.provide(client))
  )

  it.effect("reads large integers exactly where it is asked to", () =>
    Effect.gen(function* () {
      const sql = yield* SqlClient.SqlClient
      const rows = yield* Effect.provideService(
        sql`SELECT 9007199254740993 AS n`,
        SqlClient.SafeIntegers,
        true
      )
      expect({ ...rows[0] }).toEqual({ n: 9_007_199_254_740_993n })
    }).pipe(Effect.provide(client))
  )
})
