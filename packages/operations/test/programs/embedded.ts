import { resolve } from "node:path"
import { configuredWindows, parseConfig } from "@campaignctl/core"
import { layer as genesys } from "@campaignctl/genesys-cloud"
import { idsLive, layerLedgerClient, layerLedgerOnClient } from "@campaignctl/ledger-sql"
import {
  type EnginePorts,
  type EngineServices,
  layerCluster,
  layerSingle,
  layerSqlBudget,
  OperationId,
  Operations
} from "@campaignctl/operations"
import { safeguards } from "@campaignctl/operations/safeguards"
import { runMain } from "@effect/platform-node/NodeRuntime"
import { Console, Effect, Layer, Result, Stream } from "effect"

const { genesys: account, ledger, window } = Result.getOrThrow(parseConfig(process.env, {}))

// Alone on a file, or one of several on a server: what is built on it does not change.
const engine: Layer.Layer<EngineServices, unknown, EnginePorts> =
  ledger._tag === "Sqlite"
    ? layerSingle({ filename: resolve(ledger.filename) })
    : layerCluster({ host: "127.0.0.1", port: Number(process.env["RUNNER_PORT"]) })

const app = engine.pipe(
  Layer.provideMerge(configuredWindows(window)),
  Layer.provideMerge(genesys(account)),
  // One budget of requests for all processes on the database.
  Layer.provideMerge(layerSqlBudget(account)),
  Layer.provideMerge(layerLedgerOnClient(ledger)),
  // No start that a halt holds, or that is against a campaign's own window or minimum of agents.
  Layer.provideMerge(safeguards),
  Layer.provideMerge(layerLedgerClient(ledger)),
  Layer.provide(idsLive)
)

const pauseSurveys = Effect.gen(function* () {
  const operations = yield* Operations
  const { id } = yield* operations.submit({
    // The caller's: submitted again, after a crash or by another process, it is the same operation.
    id: OperationId.make(process.env["OPERATION_ID"] ?? ""),
    spec: {
      _tag: "Fleet",
      selector: { namePattern: "Survey *" },
      change: { target: "paused", pauseReason: "CUSTOMER_REQUEST" },
      order: "name",
      concurrency: 4,
      maxFailures: 10,
      drainDeadlineMs: 60_000
    },
    requestedBy: "ada@example.com",
    source: "library"
  })
  yield* Stream.runDrain(operations.watch(id))
  const { status } = yield* operations.get(id)
  yield* Console.log(`fleet ${status}`)
  for (const item of yield* operations.items(id, {}))
    yield* Console.log(`${item.name}: ${item.status}, now ${item.stateAfter}`)
})

runMain(Effect.provide(pauseSurveys, app))
