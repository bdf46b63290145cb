import {
  type AuditEntry,
  AuditLog,
  type AuditQuery,
  type AuditUnavailable,
  CallingWindows,
  defaultCallingWindow
} from "@campaignctl/core"
import { memoryAgentCapacity, memoryGateway } from "@campaignctl/core/testing"
import { layerSqliteClient } from "@campaignctl/ledger-sql"
import { Effect, Layer, type Stream } from "effect"
import { callersOpen, createApp, idempotencySql, readinessOf } from "../../src/index.ts"

/** A ledger that answers queries and says whether it can be written as the test says, and does nothing else. */
export const ledgerOf = (
  query: (query: AuditQuery) => Stream.Stream<AuditEntry>,
  writable: Effect.Effect<void, AuditUnavailable> = Effect.void
) =>
  AuditLog.of({
    append: () => Effect.die("nothing is appended"),
    lastApplied: () => Effect.succeed(new Map()),
    unsettled: Effect.succeed([]),
    query,
    verify: Effect.die("nothing is verified"),
    writable
  })

/** The service over a ledger that answers queries as the test says. */
export const ledgerApp = (query: (query: AuditQuery) => Stream.Stream<AuditEntry>) => {
  const ports = Layer.mergeAll(
    memoryGateway,
    memoryAgentCapacity,
    Layer.succeed(AuditLog, ledgerOf(query)),
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
