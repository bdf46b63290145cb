import type { AuditLog, GatewayError } from "@campaignctl/core"
import { Effect } from "effect"
import type { HaltRun } from "./HaltRun.ts"
import { stopRemembered } from "./remembered.ts"
import { stopTarget } from "./stopTarget.ts"

/** Stops what is known without a list, while there is none. */
export const withoutList = Effect.fnUntraced(function* (
  run: HaltRun,
  error: GatewayError
): Effect.fn.Return<void, never, AuditLog> {
  run.warnings.add(`The campaigns could not be listed for a while: ${error.message}`)
  yield* stopRemembered(run)
  // No look will do it: whatever was refused is asked again here.
  for (const target of run.targets.values())
    if (target.dialling && target.error !== undefined) yield* run.begin(stopTarget(run, target))
})
