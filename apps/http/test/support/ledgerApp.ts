import {
  type AuditEntry,
  AuditLog,
  type AuditQuery,
  CallingWindows,
  defaultCallingWindow
} from "@campaignctl/core"
import { memoryAgentCapacity, memoryGateway } from "@campaignctl/core/testing"
import { layerSqliteClient } from "@campaignctl/ledger-sql"
import { Effect, Layer, type Stream } from "effect"
import { callersOpen, createApp, idempotencySql, readinessOf } from "../../src/index.ts"

/** The service over a ledger that answers queries as the test says, and does nothing else. */
export const ledgerApp = (
  query: (query: AuditQuery) => Stream.Stream<AuditEntry>,
  writable: Effect.Effect<void> = Effect.void
) => {
  const ledger = Layer.succeed(AuditLog, {
    append: () => Effect.die("nothing is appended"),
    lastApplied: () => Effect.succeed(new Map()),
    unsettled: Effect.succeed([]),
    query,
    verify: Effect.die("nothing is verified"),
    writable
  })
  const ports = Layer.mergeAll(
    memoryGateway,
    memoryAgentCapacity,
    ledger,
    CallingWindows.always(defaultCallingWindow),
    idempotencySql.pipe(Layer.provide(layerSqliteClient({ filename: ":memory:" })))
  )
  return createApp({
    layer: Layer.mergeAll(readinessOf(Effect.void), callersOpen("tester")).pipe(
      Layer.provideMerge(ports)
    ),
    ratePerMinute: null
  })
}
