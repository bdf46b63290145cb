import { AuditLog, type AuditUnavailable, type GatewayError } from "@campaignctl/core"
import { Context, Effect, type Exit, Layer } from "effect"
import { elapsedMs } from "../routes/elapsedMs.ts"

/** Tells whether the service can work. */
export class Readiness extends Context.Service<
  Readiness,
  {
    /** Fails where the ledger cannot be written or Genesys grants no token. */
    readonly check: Effect.Effect<void, AuditUnavailable | GatewayError>
  }
>()("@campaignctl/http/Readiness") {}

/** Milliseconds for which a finding is given again: whoever floods /readyz must not keep the ledger busy. */
const FINDING_MS = 1_000

type Found = Exit.Exit<void, AuditUnavailable | GatewayError>

/** Ready where the ledger can be written and the probe succeeds. */
export const readinessOf = (
  probe: Effect.Effect<void, GatewayError>
): Layer.Layer<Readiness, never, AuditLog> =>
  Layer.effect(
    Readiness,
    Effect.map(AuditLog, ({ writable }) => {
      let last: { readonly at: number; readonly found: Found } | undefined
      const check = Effect.gen(function* () {
        const now = yield* elapsedMs
        if (last === undefined || now - last.at >= FINDING_MS)
          last = { at: now, found: yield* Effect.exit(Effect.andThen(writable, probe)) }
        return yield* last.found
      })
      return { check }
    })
  )
