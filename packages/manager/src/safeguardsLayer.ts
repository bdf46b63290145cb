import { AuditUnavailable, CampaignPolicies, Holds, unknown } from "@campaignctl/core"
import { Context, Duration, Effect, Exit, Layer, Scope } from "effect"
import { SqlClient } from "effect/sql"

/** Loaded when a start first asks: whoever only stops never loads it. */
const safeguardsOn = Effect.fnUntraced(function* (sql: SqlClient.SqlClient) {
  const { safeguards } = yield* Effect.promise(() => import("@campaignctl/operations/safeguards"))
  return yield* Layer.build(Layer.provide(safeguards, Layer.succeed(SqlClient.SqlClient, sql)))
})

/**
 * What halts hold, and what is said of single campaigns, in the ledger's database. Only starts ask;
 * one that cannot be answered is refused. What was opened stays so; what could not be is tried again.
 */
export const safeguardsLayer: Layer.Layer<never, never, SqlClient.SqlClient> = Layer.effectContext(
  Effect.gen(function* () {
    const [scope, sql] = [yield* Effect.scope, yield* SqlClient.SqlClient]
    const opened = yield* safeguardsOn(sql).pipe(
      Effect.provideService(Scope.Scope, scope),
      Effect.cachedWithTTL((exit) => (Exit.isSuccess(exit) ? Duration.infinity : Duration.zero))
    )
    return Context.make(Holds, {
      active: Effect.matchEffect(opened, {
        onFailure: ({ message }) =>
          Effect.fail(new AuditUnavailable({ detail: message, changeMayHaveHappened: false })),
        onSuccess: (found) => Context.get(found, Holds).active
      })
    }).pipe(
      Context.add(CampaignPolicies, {
        policyFor: (campaign) =>
          Effect.matchEffect(opened, {
            onFailure: ({ message }) => Effect.succeed(unknown(message)),
            onSuccess: (found) => Context.get(found, CampaignPolicies).policyFor(campaign)
          })
      })
    )
  })
)
