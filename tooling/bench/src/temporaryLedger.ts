import { mkdirSync, mkdtempSync, rmSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { idsLive, layerSqlite, layerSqliteClient, layerSql } from "@campaignctl/ledger-sql"
import { Layer } from "effect"

/** Ignored by git; on the disk of the checkout, because a temporary folder may be in memory. */
export const reports = fileURLToPath(new URL("../reports", import.meta.url))

/** A ledger file of its own, gone when it goes out of scope. */
export const temporaryLedger = () => {
  mkdirSync(reports, { recursive: true })
  const folder = mkdtempSync(join(reports, "ledger-"))
  const filename = join(folder, "ledger.db")
  const client = layerSqliteClient({ filename })
  return {
    filename,
    /** As shipped. */
    layer: layerSqlite({ filename }).pipe(Layer.provide(idsLive)),
    /** With the connection, so that many entries can be written in one transaction. */
    layerWithClient: layerSql(filename).pipe(Layer.provide(idsLive), Layer.provideMerge(client)),
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true })
  }
}
