import {
  AuditUnavailable,
  CampaignPolicies,
  type Environment,
  Holds,
  type LedgerConfig,
  unknown
} from "@campaignctl/core"
import { Context, Effect, Layer, Scope } from "effect"
import { defaultLedgerFile, makeOwnLedger } from "./ledgerFile.ts"

/** The safeguards on the ledger's database, opened. */
const opened = Effect.fnUntraced(function* (ledger: LedgerConfig, env: Environment) {
  if (ledger.place === defaultLedgerFile(env)) yield* makeOwnLedger(ledger.place)
  const [{ layerLedgerClient }, { safeguards }] = yield* Effect.promise(() =>
    Promise.all([import("@campaignctl/ledger-sql"), import("@campaignctl/operations/safeguards")])
  )
  return yield* Layer.build(Layer.provide(safeguards, layerLedgerClient(ledger)))
})

/**
 * What halts hold, and what is said of single campaigns, in the ledger's database. It is opened when
 * a start first asks: a stop asks for neither, and must not wait for them.
 */
export const safeguardsLayer = (ledger: LedgerConfig, env: Environment): Layer.Layer<never> =>
  Layer.effectContext(
    Effect.gen(function* () {
      const scope = yield* Effect.scope
      const context = yield* Effect.cached(
        Effect.provideService(opened(ledger, env), Scope.Scope, scope)
      )
      return Context.make(Holds, {
        active: Effect.matchEffect(context, {
          onFailure: ({ message }) =>
            Effect.fail(new AuditUnavailable({ detail: message, changeMayHaveHappened: false })),
          onSuccess: (found) => Context.get(found, Holds).active
        })
      }).pipe(
        Context.add(CampaignPolicies, {
          policyFor: (campaign) =>
            Effect.matchEffect(context, {
              onFailure: ({ message }) => Effect.succeed(unknown(message)),
              onSuccess: (found) => Context.get(found, CampaignPolicies).policyFor(campaign)
            })
        })
      )
    })
  )
