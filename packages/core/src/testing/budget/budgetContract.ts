import type { BudgetCase } from "./BudgetWorld.ts"
import { counting } from "./counting.ts"
import { pacing } from "./pacing.ts"
import { queueing } from "./queueing.ts"

/** What every request budget promises. To be run on the test clock. */
export const budgetContract: ReadonlyArray<BudgetCase> = [...counting, ...queueing, ...pacing]
