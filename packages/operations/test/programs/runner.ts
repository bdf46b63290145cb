import { readFileSync } from "node:fs"
import { AuditLog, CallingWindows, parseWindow } from "@campaignctl/core"
import { layer as genesys } from "@campaignctl/genesys-cloud"
import { idsLive, layerSql, layerSqliteClient } from "@campaignctl/ledger-sql"
import { layerPostgresClient } from "@campaignctl/ledger-sql/postgres"
import { Effect, Layer, Option, Redacted, References, Result, Stream } from "effect"
import { SqlClient } from "effect/sql"
import { runMain } from "@effect/platform-node/NodeRuntime"
import { Cluster, layerCluster, layerSingle, Operations } from "../../src/index.ts"
import type { Database, RunnerSays, RunnerTask } from "../support/runners.ts"

/** One process that carries operations on: submits what it is told to, and says when it is over. */
const task: RunnerTask = JSON.parse(readFileSync(0, "utf8"))

const say = (message: RunnerSays) => Effect.sync(() => console.log(JSON.stringify(message)))

const { apiUrl, clientId, clientSecret, loginUrl } = task.simulator
const ports = Layer.provideMerge(
  CallingWindows.always(Result.getOrThrow(parseWindow("00:00-24:00 UTC"))),
  genesys({
    contract: "platform",
    apiUrl,
    loginUrl,
    clientId,
    clientSecret: Redacted.make(clientSecret)
  })
)

// What a process has written survives its being killed without a flush; a power cut is not the test.
const unflushed = Layer.effectDiscard(
  Effect.flatMap(SqlClient.SqlClient, (sql) => sql`PRAGMA synchronous = OFF`)
)

const alone = (file: string) =>
  layerSingle({ filename: file }).pipe(
    Layer.provideMerge(layerSql(file).pipe(Layer.provide(idsLive))),
    Layer.provideMerge(unflushed),
    Layer.provideMerge(layerSqliteClient({ filename: file }))
  )

const among = ({ port, url }: Extract<Database, { readonly _tag: "Postgres" }>) => {
  const options = { url: Redacted.make(url) }
  return layerCluster({ host: "127.0.0.1", port }).pipe(
    Layer.provideMerge(layerSql("the database").pipe(Layer.provide(idsLive))),
    Layer.provideMerge(layerPostgresClient(options))
  )
}

const { database } = task

const program = Effect.gen(function* () {
  const operations = yield* Operations
  yield* say({ _tag: "Ready" })
  for (const submission of task.submissions) yield* operations.submit(submission)
  for (const { id } of task.submissions) {
    const over = yield* Stream.runLast(operations.watch(id))
    yield* say({ _tag: "Over", operation: Option.getOrThrow(over) })
  }
  const { verify } = yield* AuditLog
  const { state } = yield* Cluster
  yield* say({ _tag: "Done", verification: yield* verify, cluster: yield* state })
  if (task.stays === true) yield* Effect.never
})

const told = <A, E extends { readonly _tag: string; readonly message: string }>(
  running: Effect.Effect<A, E>
) =>
  running.pipe(
    Effect.catch((error) => say({ _tag: "Failed", error: error._tag, message: error.message })),
    // What is told of dying peers is what the test is about.
    Effect.provideService(References.MinimumLogLevel, "Error")
  )

if (database._tag === "Sqlite")
  runMain(told(Effect.provide(program, Layer.provideMerge(alone(database.file), ports))))
else runMain(told(Effect.provide(program, Layer.provideMerge(among(database), ports))))
