import { type BudgetClass, budgetClasses } from "../ports/RequestBudget.ts"
import type { Waiting } from "./BudgetStore.ts"
import type { Line } from "./playTurn.ts"

/** The lines of those who wait in this process, one for each class that has any. */
export const linesOf = (waiting: ReadonlyArray<Waiting>): ReadonlyArray<Line> =>
  budgetClasses.flatMap((budgetClass) => {
    const ofClass = waiting.filter((one) => one.class === budgetClass)
    const [first] = ofClass
    return first === undefined
      ? []
      : [{ class: budgetClass, waiting: ofClass.length, waitedMs: first.waitedMs, own: true }]
  })

/** Whom the permits of each line are for, by their places in the list: whoever came first. */
export const permitsFor = (
  waiting: ReadonlyArray<Waiting>,
  lines: ReadonlyArray<Line>,
  granted: ReadonlyArray<number>
): ReadonlyArray<number> => {
  const left = new Map<BudgetClass, number>()
  for (const [index, { class: budgetClass, own }] of lines.entries())
    if (own) left.set(budgetClass, granted[index] ?? 0)
  const places: Array<number> = []
  for (const [place, one] of waiting.entries()) {
    const more = left.get(one.class) ?? 0
    if (more === 0) continue
    left.set(one.class, more - 1)
    places.push(place)
  }
  return places
}
