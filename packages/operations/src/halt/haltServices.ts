import { Ids } from "@campaignctl/core"
import { Effect, Layer } from "effect"
import type { SqlClient } from "effect/sql"
import { v7 } from "uuid"
import type { OperationsUnavailable } from "../domain/errors.ts"
import { holdsFromStore } from "./holds/holdsFromStore.ts"
import type { HoldStore } from "./holds/HoldStore.ts"
import { holdStoreSql } from "./holds/holdStoreSql.ts"

const idsV7 = Layer.succeed(Ids, { next: Effect.sync(() => v7()) })

/**
 * What halts need beside the ports of a transition. Whatever stands on this layer starts nothing that a
 * halt holds.
 */
export const haltServices: Layer.Layer<
  HoldStore | Ids,
  OperationsUnavailable,
  SqlClient.SqlClient
> = Layer.merge(idsV7, Layer.provideMerge(holdsFromStore, holdStoreSql))
