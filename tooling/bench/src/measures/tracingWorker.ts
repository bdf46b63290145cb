import { telemetryLayer } from "@campaignctl/telemetry"
import { Effect, type Layer, ManagedRuntime } from "effect"
import { batchOf, memoryPorts } from "./transitions.ts"
import type { Tracing } from "./tracing.ts"

// A process of its own for each way of tracing: what OpenTelemetry installs, it installs for all.
// What is counted for `/metrics` is counted whether or not anything is traced.
const ways: Readonly<Record<Tracing, () => Layer.Layer<never>>> = {
  none: () => telemetryLayer({}),
  off: () => telemetryLayer({}),
  on: () => telemetryLayer()
}
const way = process.argv[2] as Tracing // the parent names one of them
const runtime = ManagedRuntime.make(ways[way]())

process.on("message", (transitions: number) => {
  const batch = Effect.provide(batchOf(transitions), memoryPorts)
  const before = process.cpuUsage()
  void runtime.runPromise(batch).then(() => {
    const { system, user } = process.cpuUsage(before)
    process.send?.(user + system)
  })
})
process.on("disconnect", () => void runtime.dispose().then(() => process.exit()))
process.send?.("ready")
