import { type AuditLog, CallingWindows, parseWindow, type TransitionPorts } from "@campaignctl/core"
import {
  type CapacityWorld,
  type GatewayWorld,
  memoryAgentCapacity,
  memoryAuditLog,
  memoryGateway,
  type MemoryLedger,
  sequentialIds
} from "@campaignctl/core/testing"
import { layerSqliteClient } from "@campaignctl/ledger-sql"
import { Layer, Result } from "effect"
import type { SqlClient } from "effect/sql"

/** Open at all hours, so that no test depends on when it runs. */
const always = Result.getOrThrow(parseWindow("00:00-24:00 UTC"))

/** The ports in memory, with the handles by which a test moves the world. */
export const memoryPorts: Layer.Layer<
  TransitionPorts | AuditLog | MemoryLedger | GatewayWorld | CapacityWorld
> = Layer.mergeAll(
  memoryGateway,
  memoryAgentCapacity,
  CallingWindows.always(always),
  memoryAuditLog.pipe(Layer.provide(sequentialIds))
)

/** A database of the test's own, in memory. */
export const memorySql: Layer.Layer<SqlClient.SqlClient> = Layer.orDie(
  layerSqliteClient({ filename: ":memory:" })
)
