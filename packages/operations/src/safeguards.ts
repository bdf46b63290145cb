import { Layer } from "effect"
import type { SqlClient } from "effect/sql"
import { layerCampaignPolicies, PolicyStore } from "./desired/PolicyStore.ts"
import type { OperationsUnavailable } from "./domain/errors.ts"
import { holdsFromStore } from "./halt/holds/holdsFromStore.ts"
import { holdStoreSql } from "./halt/holds/holdStoreSql.ts"

/**
 * What the database says of starts: which campaigns a halt holds, and which have a window or a minimum
 * of agents of their own. Whatever starts campaigns on a database where operations run stands on it.
 */
export const safeguards: Layer.Layer<never, OperationsUnavailable, SqlClient.SqlClient> =
  Layer.merge(
    Layer.provide(holdsFromStore, holdStoreSql),
    Layer.provide(layerCampaignPolicies, PolicyStore.layer)
  )
