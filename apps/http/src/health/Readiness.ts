import { AuditLog, type AuditUnavailable, type GatewayError } from "@campaignctl/core"
import { Context, Effect, Layer } from "effect"

/** Tells whether the service can work. */
export class Readiness extends Context.Service<
  Readiness,
  {
    /** Fails where the ledger cannot be written or Genesys grants no token. */
    readonly check: Effect.Effect<void, AuditUnavailable | GatewayError>
  }
>()("@campaignctl/http/Readiness") {}

/** Ready where the ledger can be written and the probe succeeds. */
export const readinessOf = (
  probe: Effect.Effect<void, GatewayError>
): Layer.Layer<Readiness, never, AuditLog> =>
  Layer.effect(
    Readiness,
    Effect.map(AuditLog, ({ writable }) => ({ check: Effect.andThen(writable, probe) }))
  )
