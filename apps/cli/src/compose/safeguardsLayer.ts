import { lazySafeguards } from "@campaignctl/operations/lazy-safeguards"
import { Effect, Layer } from "effect"
import type { SqlClient } from "effect/sql"

/** What halts hold, and what is said of single campaigns, on the client that the ledger is on. */
export const safeguardsOnClient: Layer.Layer<never, never, SqlClient.SqlClient> = Layer.unwrap(
  Effect.map(Effect.context<SqlClient.SqlClient>(), (context) =>
    lazySafeguards(Layer.succeedContext(context))
  )
)
