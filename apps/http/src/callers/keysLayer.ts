import type { AuditUnavailable, LedgerConfig } from "@campaignctl/core"
import { layerLedgerClient } from "@campaignctl/ledger-sql"
import { Layer } from "effect"
import { type KeyStore, keyStoreSql } from "./KeyStore.ts"

/** The keys alone, for whoever makes and revokes them. */
export const keysLayer = (ledger: LedgerConfig): Layer.Layer<KeyStore, AuditUnavailable> =>
  keyStoreSql.pipe(Layer.provide(layerLedgerClient(ledger)))
