import type { AuditUnavailable } from "@campaignctl/core"
import { layerSqliteClient } from "@campaignctl/ledger-sql"
import { Layer } from "effect"
import { type KeyStore, keyStoreSql } from "./KeyStore.ts"

/** The keys alone, for whoever makes and revokes them. */
export const keysLayer = (filename: string): Layer.Layer<KeyStore, AuditUnavailable> =>
  keyStoreSql.pipe(Layer.provide(layerSqliteClient({ filename })))
