import type { AuditLog, Ids } from "@campaignctl/core"
import { idsLive, layerSql, layerSqliteClient } from "@campaignctl/ledger-sql"
import { layerPostgresClient } from "@campaignctl/ledger-sql/postgres"
import { Layer, Redacted } from "effect"
import type { SqlClient } from "effect/sql"

/** A database that several processes share: a file, or `postgres://…`. */
export const storageAt = (place: string): Layer.Layer<AuditLog | Ids | SqlClient.SqlClient> =>
  layerSql(place).pipe(
    Layer.provideMerge(
      Layer.merge(
        place.startsWith("postgres")
          ? layerPostgresClient({ url: Redacted.make(place) })
          : layerSqliteClient({ filename: place }),
        idsLive
      )
    ),
    Layer.orDie
  )
