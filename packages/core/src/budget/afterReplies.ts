import type { BudgetHeard } from "../ports/RequestBudget.ts"
import type { BudgetPolicy } from "./BudgetPolicy.ts"
import type { Law } from "./Law.ts"

/** What one reply said, and how long ago it came. */
export interface Reply {
  readonly agoMs: number
  readonly heard: BudgetHeard
}

/**
 * The law after replies were heard. Their permits are finished already, and not among the unfinished.
 *
 * The server's count grows with each request, so that the highest of a window is the newest: what it
 * may lack is in flight. A lower one that comes later is of a request that the highest has counted.
 */
export const afterReplies = (
  policy: BudgetPolicy,
  law: Law,
  replies: ReadonlyArray<Reply>,
  unfinished: number,
  now: number
): Law => {
  const counts: Array<Count> = []
  let { allowed, refusedUntil } = law
  for (const { agoMs, heard } of replies) {
    const { count, refusedForMs, unlimited } = heard
    if (refusedForMs !== undefined)
      refusedUntil = Math.max(refusedUntil, now - agoMs + refusedForMs)
    if (unlimited === true && allowed === "unheard") allowed = "unlimited"
    // Nothing granted at all would be a wait without end: taken for a header that means something else.
    if (count !== undefined && count.allowed > 0)
      counts.push({
        used: count.used,
        allowed: count.allowed,
        resetsAt: now - agoMs + count.resetsInMs
      })
  }
  return { ...law, refusedUntil, allowed, ...afterCounts(policy, law, counts, unfinished, now) }
}

interface Count {
  readonly used: number
  readonly allowed: number
  readonly resetsAt: number
}

const afterCounts = (
  { windowMs }: BudgetPolicy,
  law: Law,
  counts: ReadonlyArray<Count>,
  unfinished: number,
  now: number
): Partial<Pick<Law, "allowed" | "server">> => {
  // Two windows end a whole window apart, give or take the time that a reply took.
  const apart = windowMs / 2
  const latest = Math.max(...counts.map(({ resetsAt }) => resetsAt))
  const ofLatest = counts.filter(({ resetsAt }) => resetsAt > latest - apart)
  const [newest] = ofLatest.toSorted((a, b) => b.used - a.used)
  if (newest === undefined) return {}
  const known = law.server !== undefined && now < law.server.resetsAt ? law.server : undefined
  const resetsAt = Math.min(...ofLatest.map((count) => count.resetsAt))
  const told = {
    allowed: newest.allowed,
    server: { used: newest.used, since: unfinished, resetsAt }
  }
  if (known === undefined || resetsAt >= known.resetsAt + apart) return told
  if (resetsAt <= known.resetsAt - apart) return {}
  const sooner = Math.min(resetsAt, known.resetsAt)
  return newest.used > known.used
    ? { ...told, server: { ...told.server, resetsAt: sooner } }
    : {
        server: {
          used: known.used,
          since: Math.max(0, known.since - ofLatest.length),
          resetsAt: sooner
        }
      }
}
