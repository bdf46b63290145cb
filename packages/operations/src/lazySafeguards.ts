import { AuditUnavailable, CampaignPolicies, Holds, unknown } from "@campaignctl/core"
import { Context, Duration, Effect, Exit, Layer, Scope } from "effect"
import type { SqlClient } from "effect/sql"

/** Loaded when a start first asks: whoever only stops never loads it. */
const openedOn = Effect.fnUntraced(function* <E>(client: Layer.Layer<SqlClient.SqlClient, E>) {
  const { safeguards } = yield* Effect.promise(() => import("./safeguards.ts"))
  return yield* Layer.build(Layer.provide(safeguards, client))
})

/**
 * What `safeguards` says of starts, on a client that is opened when a start first asks: a stop asks for
 * none of it, and must not wait for it. A start for which it cannot be told is refused. What was opened
 * stays so as long as the layer; what could not be is tried again.
 */
export const lazySafeguards = <E extends { readonly message: string }>(
  client: Layer.Layer<SqlClient.SqlClient, E>
): Layer.Layer<never> =>
  Layer.effectContext(
    Effect.gen(function* () {
      const opened = yield* openedOn(client).pipe(
        Effect.provideService(Scope.Scope, yield* Effect.scope),
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
