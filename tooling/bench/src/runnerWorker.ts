import { once } from "node:events"
import { idsLive, layerSql, layerSqliteClient } from "@campaignctl/ledger-sql"
import { layerPostgresClient } from "@campaignctl/ledger-sql/postgres"
import {
  Cluster,
  type EnginePorts,
  type EngineServices,
  layerCluster,
  layerSingle,
  Operations
} from "@campaignctl/operations"
import { Effect, Layer, ManagedRuntime, Redacted, References, Stream } from "effect"
import { simulatorPorts } from "./product.ts"
import type { RunnerAnswer, RunnerOrder, RunnerTask } from "./runnerTask.ts"

/** One process that carries operations on, alone or among others, and ends with its parent. */
const { database, simulator }: RunnerTask = JSON.parse(process.argv[2] ?? "")

const client =
  database._tag === "Sqlite"
    ? layerSqliteClient(database)
    : layerPostgresClient({ url: Redacted.make(database.url) })
const engine: Layer.Layer<EngineServices, unknown, EnginePorts> =
  database._tag === "Sqlite"
    ? layerSingle(database)
    : layerCluster({ host: "127.0.0.1", port: database.port })
const ports = layerSql("the database").pipe(
  Layer.provide(idsLive),
  Layer.provideMerge(client),
  Layer.merge(simulatorPorts(simulator, "platform"))
)
const runtime = ManagedRuntime.make(
  engine.pipe(
    Layer.provideMerge(ports),
    // What is told of dying peers is what is measured.
    Layer.provideMerge(Layer.succeed(References.MinimumLogLevel, "Error"))
  )
)

const obey = (order: RunnerOrder) =>
  Effect.gen(function* () {
    if (order._tag === "Show")
      return { _tag: "Shown", state: yield* (yield* Cluster).state } satisfies RunnerAnswer
    const { get, submit, watch } = yield* Operations
    const operations = yield* Effect.forEach(
      order.submissions,
      Effect.fnUntraced(function* (submission) {
        const { id } = yield* submit(submission)
        if (order.watched) yield* Stream.runDrain(watch(id))
        return yield* get(id)
      }),
      { concurrency: "unbounded" }
    )
    return { _tag: "Submitted", operations } satisfies RunnerAnswer
  })

const answer = (said: RunnerAnswer) => process.send?.(said)

await runtime.context()
// What fails ends the process, which its parent is told of.
process.on("message", (order: RunnerOrder) => void runtime.runPromise(obey(order)).then(answer))
answer({ _tag: "Ready" })
await once(process, "disconnect")
await runtime.dispose()
