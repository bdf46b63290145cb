import type { HaltSpec } from "@campaignctl/operations"
import type { Caller } from "../callers/Caller.ts"

/** A halt as it was asked for. */
export interface HaltAsked {
  readonly spec: HaltSpec
  readonly caller: Caller
  /** The Idempotency-Key that came with it. */
  readonly use?: { readonly key: string; readonly fingerprint: string }
}
