import { Schema } from "effect"
import type { BudgetClass } from "../ports/RequestBudget.ts"
import {
  type BudgetPolicy,
  countsForMs,
  isPaced,
  keptOf,
  type SharingClass
} from "./BudgetPolicy.ts"

const Tags = Schema.Struct({
  operator: Schema.Finite,
  guard: Schema.Finite,
  fleet: Schema.Finite,
  schedule: Schema.Finite
})

/** The server's own count in its fixed window. */
const ServerCount = Schema.Struct({
  used: Schema.Finite,
  /** Requests of ours that may not be in it: in flight when it was told, or sent since. */
  since: Schema.Finite,
  resetsAt: Schema.Finite
})

/**
 * What a budget knows, but for the permits that count. Times are milliseconds of the store's clock.
 * It can be stored as JSON.
 */
export const Law = Schema.Struct({
  allowed: Schema.Union([Schema.Finite, Schema.Literals(["unheard", "unlimited"])]),
  server: Schema.optionalKey(ServerCount),
  refusedUntil: Schema.Finite,
  /** Until when the requests of the paced classes are spread, were each to take its even part of the window. */
  pacedTo: Schema.Finite,
  /** Fair queueing in virtual time: that of the last turn, and when each class has its next. */
  turn: Schema.Finite,
  tags: Tags
})
export type Law = typeof Law.Type

/** Nothing was heard yet. */
export const initialLaw: Law = {
  allowed: "unheard",
  refusedUntil: 0,
  pacedTo: 0,
  turn: 0,
  tags: { operator: 0, guard: 0, fleet: 0, schedule: 0 }
}

/** The permits that count now. One counts from its grant until the window has passed since its reply. */
export interface Held {
  readonly active: number
  /** Those whose reply has not come. */
  readonly unfinished: number
  /** When the first so many of them will no longer count. */
  readonly freedAt: (many: number) => number
}

export type WaitReason = "none" | "window" | "pace" | "refused" | "learning" | "unreachable"

/** When a request may go, by the law alone. Not later than now: at once. */
export interface Opening {
  /** When the window has room. */
  readonly roomAt: number
  /** When its class's pace lets it go; where the window has room. */
  readonly pacedAt: number
  readonly reason: WaitReason
}

const OPEN = { roomAt: 0, pacedAt: 0, reason: "none" } as const

/** When a request of the class may go, with so many taken beside those that are held. */
export const openingFor = (
  policy: BudgetPolicy,
  law: Law,
  held: Held,
  taken: number,
  budgetClass: BudgetClass,
  now: number
): Opening => {
  if (now < law.refusedUntil) return { ...OPEN, roomAt: law.refusedUntil, reason: "refused" }
  const { allowed } = law
  if (allowed === "unlimited") return OPEN
  const halts = budgetClass === "halt"
  if (allowed === "unheard") {
    const first = policy.firstRequests + (halts ? policy.keptAtLeast : 0)
    return held.unfinished + taken < first
      ? OPEN
      : { ...OPEN, roomAt: now + policy.lookAgainMs, reason: "learning" }
  }
  const limit = halts ? allowed : allowed - keptOf(policy, allowed)
  const count = held.active + taken
  const over = count - limit + 1
  // What is given in this very turn counts for a window from now.
  const freed = over < 1 ? 0 : over > held.active ? now + countsForMs(policy) : held.freedAt(over)
  const reset = countedAt(law, now) < limit ? 0 : (law.server?.resetsAt ?? 0)
  const roomAt = Math.max(freed, reset)
  if (roomAt > now) return { ...OPEN, roomAt, reason: "window" }
  if (!isPaced(budgetClass)) return OPEN
  const { burst, interval, pacedTo } = paceOf(policy, law, allowed, count, now)
  const pacedAt = pacedTo - (burst - 1) * interval
  return pacedAt > now ? { ...OPEN, pacedAt, reason: "pace" } : OPEN
}

/** The pace of the background: the time between two, and how many may go together. */
const paceOf = (policy: BudgetPolicy, law: Law, allowed: number, count: number, now: number) => {
  // What others use of the client is not ours to spread.
  const others = Math.max(0, countedAt(law, now) - count)
  const interval = policy.windowMs / Math.max(1, allowed - keptOf(policy, allowed) - others)
  const burst = Math.max(policy.burstAtLeast, Math.floor(allowed * policy.burstShare))
  // No further ahead than this pace can have led: a slower pace of before would hold up the faster one.
  return { interval, burst, pacedTo: Math.min(law.pacedTo, now + burst * interval) }
}

/** The server's count, with what it may not have counted yet. */
const countedAt = ({ server }: Law, now: number): number =>
  server !== undefined && now < server.resetsAt ? server.used + server.since : 0

/** The law after a permit of the class was granted. */
export const afterGrant = (
  policy: BudgetPolicy,
  law: Law,
  held: Held,
  taken: number,
  budgetClass: BudgetClass,
  now: number
): Law => {
  const server =
    law.server === undefined ? {} : { server: { ...law.server, since: law.server.since + 1 } }
  if (budgetClass === "halt") return { ...law, ...server }
  const turned = {
    turn: law.tags[budgetClass],
    tags: { ...law.tags, [budgetClass]: law.tags[budgetClass] + 1 / policy.weights[budgetClass] }
  }
  if (!isPaced(budgetClass) || typeof law.allowed !== "number")
    return { ...law, ...server, ...turned }
  const { interval, pacedTo } = paceOf(policy, law, law.allowed, held.active + taken, now)
  return { ...law, ...server, ...turned, pacedTo: Math.max(now, pacedTo) + interval }
}

/** The law after permits went back under which nothing was sent: the server will not count them. */
export const afterUnused = (law: Law, permits: number): Law =>
  law.server === undefined || permits === 0
    ? law
    : {
        ...law,
        server: { ...law.server, since: Math.max(0, law.server.since - permits) }
      }

/** Classes for which nobody waits save up no turns. */
export const withoutSavings = (law: Law, waiting: ReadonlySet<BudgetClass>): Law => {
  const lifted = (budgetClass: SharingClass): number =>
    waiting.has(budgetClass) ? law.tags[budgetClass] : Math.max(law.tags[budgetClass], law.turn)
  return {
    ...law,
    tags: {
      operator: lifted("operator"),
      guard: lifted("guard"),
      fleet: lifted("fleet"),
      schedule: lifted("schedule")
    }
  }
}

/** When a permit no longer counts whose reply came so long ago. */
export const countsUntil = (policy: BudgetPolicy, now: number, agoMs: number): number =>
  now - agoMs + countsForMs(policy)

/** When a permit no longer counts that is never heard of again. */
export const countsAtLongest = (policy: BudgetPolicy, now: number, longestMs: number): number =>
  now + longestMs + countsForMs(policy)
