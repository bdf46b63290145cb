import { Context, Effect } from "effect"
import type { AuditUnavailable } from "../errors/errors.ts"
import type { Hold } from "../holds/Hold.ts"

/**
 * The halts that hold now. Asked before every write that starts something; never for a stop.
 *
 * A deployment without halts has none, which is the default.
 */
export class Holds extends Context.Reference<{
  readonly active: Effect.Effect<ReadonlyArray<Hold>, AuditUnavailable>
}>("@campaignctl/core/Holds", { defaultValue: () => ({ active: Effect.succeed([]) }) }) {}
