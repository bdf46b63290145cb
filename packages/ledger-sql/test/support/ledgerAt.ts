import type { AuditLog, AuditUnavailable, Ids } from "@campaignctl/core"
import { Layer, Redacted } from "effect"
import { layerSql, layerSqlite, Writers } from "../../src/index.ts"
import { layerPostgres, layerPostgresClient } from "../../src/postgres/index.ts"
import { makePostgresWriters } from "../../src/postgres/postgresWriters.ts"

/** The ledger in a file or at a URL; there, as a process of the machine that is named. */
export const ledgerAt = (
  target: string,
  machine?: string
): Layer.Layer<AuditLog, AuditUnavailable, Ids> => {
  if (!target.startsWith("postgres:")) return layerSqlite({ filename: target })
  const url = Redacted.make(target)
  if (machine === undefined) return layerPostgres({ url })
  return layerSql("the database").pipe(
    Layer.provide(Layer.effect(Writers, makePostgresWriters(machine))),
    Layer.provide(layerPostgresClient({ url }))
  )
}
