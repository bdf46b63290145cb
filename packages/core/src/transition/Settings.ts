import { Context } from "effect"
import { defaultGuardPolicy, type GuardPolicy } from "../decision/Policy.ts"
import { defaultRetryPolicy, type RetryPolicy } from "../retry/RetryPolicy.ts"

/** What a deployment decides once for every transition. */
export interface Settings {
  readonly guards: GuardPolicy
  readonly retry: RetryPolicy
  /** Written into every audit entry. */
  readonly governanceLevel: string
}

/** The settings in force; the documented defaults unless provided. */
export const Settings = Context.Reference<Settings>("@campaignctl/core/Settings", {
  defaultValue: () => ({
    guards: defaultGuardPolicy,
    retry: defaultRetryPolicy,
    governanceLevel: "L3"
  })
})
