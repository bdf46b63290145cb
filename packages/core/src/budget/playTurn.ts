import { type BudgetClass, budgetClasses } from "../ports/RequestBudget.ts"
import type { BudgetPolicy } from "./BudgetPolicy.ts"
import {
  afterGrant,
  type Held,
  type Law,
  openingFor,
  type WaitReason,
  withoutSavings
} from "./Law.ts"

/** Requests of one class that wait in one place. */
export interface Line {
  readonly class: BudgetClass
  readonly waiting: number
  /** Milliseconds for which the first of them has waited. */
  readonly waitedMs: number
  /** Whether they wait in this process, which alone is given permits now. */
  readonly own: boolean
}

/** A wait, and what it is for. */
export interface Wait {
  readonly ms: number
  readonly reason: WaitReason
}

/** What a turn gives. */
export interface Played {
  /** Permits for each line, in the lines' order; none for those that are not own. */
  readonly granted: ReadonlyArray<number>
  readonly law: Law
  /** When a further request of each class could go. */
  readonly waits: Readonly<Record<BudgetClass, Wait>>
  /** Milliseconds after which another turn may give more to the own lines; undefined where none waits. */
  readonly againInMs: number | undefined
}

/**
 * Gives what is free to those who wait: halts first, then the classes in turns by weight, and within
 * a class whoever came first. What is due to another process, or to a class whose pace does not let
 * it go yet, is set aside for it rather than given to who comes after.
 */
export const playTurn = (
  policy: BudgetPolicy,
  before: Law,
  held: Held,
  lines: ReadonlyArray<Line>,
  now: number
): Played => {
  // `law` has what is given, which is stored; `guess` also what is set aside.
  let law = withoutSavings(before, new Set(lines.map((line) => line.class)))
  let guess = law
  let taken = 0
  let againAt = Infinity
  const left = lines.map(({ waiting }) => waiting)
  const granted = lines.map(() => 0)
  for (;;) {
    const index = nextLine(guess, lines, left)
    const line = lines[index]
    if (line === undefined) break
    const opening = openingFor(policy, guess, held, taken, line.class, now)
    if (opening.roomAt > now) {
      againAt = Math.min(againAt, opening.roomAt)
      break
    }
    if (line.own && opening.pacedAt <= now) {
      granted[index] = (granted[index] ?? 0) + 1
      law = afterGrant(policy, law, held, taken, line.class, now)
    } else if (line.own) againAt = Math.min(againAt, opening.pacedAt)
    guess = afterGrant(policy, guess, held, taken, line.class, now)
    taken += 1
    left[index] = (left[index] ?? 0) - 1
  }
  const waitOf = (budgetClass: BudgetClass): Wait => {
    const { pacedAt, reason, roomAt } = openingFor(policy, guess, held, taken, budgetClass, now)
    return { ms: Math.max(0, Math.ceil(Math.max(roomAt, pacedAt) - now)), reason }
  }
  const isDone = lines.every(({ own, waiting }, index) => !own || granted[index] === waiting)
  return {
    granted,
    law,
    waits: {
      halt: waitOf("halt"),
      operator: waitOf("operator"),
      guard: waitOf("guard"),
      fleet: waitOf("fleet"),
      schedule: waitOf("schedule")
    },
    againInMs: isDone
      ? undefined
      : Math.max(1, Math.min(policy.lookAgainMs, Math.ceil(againAt - now)))
  }
}

const PLACE: ReadonlyMap<BudgetClass, number> = new Map(
  budgetClasses.map((budgetClass, place) => [budgetClass, place])
)

/** The line whose turn it is; -1 where nobody waits. */
const nextLine = (law: Law, lines: ReadonlyArray<Line>, left: ReadonlyArray<number>): number => {
  let found = -1
  let first: Line | undefined
  for (const [index, line] of lines.entries()) {
    if ((left[index] ?? 0) === 0 || (first !== undefined && !isBefore(law, line, first))) continue
    found = index
    first = line
  }
  return found
}

const isBefore = (law: Law, a: Line, b: Line): boolean => {
  if (a.class === b.class) return a.waitedMs > b.waitedMs
  if (a.class === "halt" || b.class === "halt") return a.class === "halt"
  const [turnOfA, turnOfB] = [law.tags[a.class], law.tags[b.class]]
  return turnOfA === turnOfB
    ? (PLACE.get(a.class) ?? 0) < (PLACE.get(b.class) ?? 0)
    : turnOfA < turnOfB
}
