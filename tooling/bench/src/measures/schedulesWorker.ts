import { layerSingle } from "@campaignctl/operations"
import { layerSqliteClient } from "@campaignctl/ledger-sql"
import { Layer, ManagedRuntime } from "effect"
import { setTimeout as delay } from "node:timers/promises"
import { memoryPorts } from "./transitions.ts"

/** Milliseconds for which the schedules are looked at, once a second, before the memory is. */
const LOOKING_MS = 5_000

// A process of its own, so that what made the schedules is not measured.
const filename = process.argv[2] ?? ""
const runtime = ManagedRuntime.make(
  layerSingle({ filename }).pipe(
    Layer.provide(Layer.merge(memoryPorts, layerSqliteClient({ filename })))
  )
)
await runtime.context()
await delay(LOOKING_MS)
globalThis.gc?.()
const { heapUsed, rss } = process.memoryUsage()
process.send?.({ heapUsed, rss })
await runtime.dispose()
