import { AuditLog, CallingWindows, defaultCallingWindow } from "@campaignctl/core"
import {
  GatewayWorld,
  memoryAgentCapacity,
  memoryAuditLog,
  memoryGateway,
  sequentialIds
} from "@campaignctl/core/testing"
import { layerSqliteClient } from "@campaignctl/ledger-sql"
import { Context, Effect, Layer, ManagedRuntime, Stream } from "effect"
import { callersOpen, createApp, idempotencySql, readinessOf } from "../../src/index.ts"

const ports = Layer.mergeAll(
  memoryGateway,
  memoryAgentCapacity,
  memoryAuditLog.pipe(Layer.provide(sequentialIds)),
  CallingWindows.always(defaultCallingWindow),
  idempotencySql.pipe(Layer.provide(layerSqliteClient({ filename: ":memory:" })))
)

/** All that the service stands on, in memory, with the world behind it. */
export const memoryServices = Layer.mergeAll(readinessOf(Effect.void), callersOpen("tester")).pipe(
  Layer.provideMerge(ports)
)

/** The service over ports in memory, in this very process, with the world behind it to look at. */
export const memoryApp = async (
  base = "",
  services: Layer.Layer<Layer.Success<typeof memoryServices>, unknown> = memoryServices
) => {
  // Built here and not by the app, so that the test reaches the same world.
  const runtime = ManagedRuntime.make(services)
  const context = await runtime.context()
  const world = Context.get(context, GatewayWorld)
  const ledger = Context.get(context, AuditLog)
  const campaign = await Effect.runPromise(world.addCampaign({ name: "Fuzzed", state: "active" }))
  const service = createApp({ layer: Layer.succeedContext(context), ratePerMinute: null, base })
  return {
    ...service,
    campaign,
    writes: () => Effect.runPromise(world.writes),
    entries: () => Effect.runPromise(Stream.runCollect(ledger.query({}))),
    close: async () => {
      await service.dispose()
      await runtime.dispose()
    }
  }
}
