import type { BudgetSeen } from "../ports/RequestBudget.ts"
import { type BudgetPolicy, keptOf } from "./BudgetPolicy.ts"
import type { Law } from "./Law.ts"

/** The budget as the law knows it; undefined where no reply has told what is allowed. */
export const seenOf = (
  policy: BudgetPolicy,
  { allowed, server }: Law,
  active: number,
  now: number
): BudgetSeen | undefined => {
  if (typeof allowed !== "number") return undefined
  const open = server !== undefined && now < server.resetsAt ? server : undefined
  return {
    used: Math.max(active, open?.used ?? 0),
    allowed,
    resetsInMs: open === undefined ? 0 : open.resetsAt - now,
    kept: keptOf(policy, allowed)
  }
}
