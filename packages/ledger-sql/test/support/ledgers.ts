import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type { AuditLog } from "@campaignctl/core"
import { sequentialIds } from "@campaignctl/core/testing"
import { Effect, Layer, type Scope } from "effect"
import type { SqlClient } from "effect/sql"
import { layerSql, layerSqliteClient } from "../../src/index.ts"

/** An empty directory, gone with the scope. */
export const temporaryDirectory: Effect.Effect<string, never, Scope.Scope> = Effect.acquireRelease(
  Effect.sync(() => mkdtempSync(join(tmpdir(), "ledger-"))),
  (directory) => Effect.sync(() => rmSync(directory, { recursive: true }))
)

/** A ledger of one's own in memory, and the client beneath it to do it harm with. */
export const inMemory = layerSql(":memory:").pipe(
  Layer.provideMerge(layerSqliteClient({ filename: ":memory:" })),
  Layer.provide(sequentialIds)
)

/** Runs on a fresh ledger in memory, by the real clock. */
export const onFreshLedger = <A, E>(
  effect: Effect.Effect<A, E, AuditLog | SqlClient.SqlClient>
): Promise<A> => Effect.runPromise(Effect.provide(effect, inMemory, { local: true }))
