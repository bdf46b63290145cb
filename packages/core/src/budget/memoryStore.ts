import { Effect } from "effect"
import { afterReplies, type Reply } from "./afterReplies.ts"
import { type BudgetPolicy, defaultBudgetPolicy } from "./BudgetPolicy.ts"
import type { BudgetStore, Over, Turn, Waiting } from "./BudgetStore.ts"
import { afterUnused, countsAtLongest, countsUntil, initialLaw } from "./Law.ts"
import { linesOf, permitsFor } from "./lines.ts"
import { monotonicMs } from "./monotonicMs.ts"
import { PermitWindow } from "./PermitWindow.ts"
import { playTurn } from "./playTurn.ts"
import { seenOf } from "./seenOf.ts"

/** Counts the permits of one process in its memory, by the monotonic clock. */
export const makeMemoryStore = (policy: BudgetPolicy = defaultBudgetPolicy): BudgetStore => {
  const permits = new PermitWindow()
  let law = initialLaw
  let made = 0

  const takeBack = (over: ReadonlyArray<Over>, now: number): void => {
    const replies: Array<Reply> = []
    let unsent = 0
    for (const { agoMs, heard, id, unused } of over) {
      if (!unused) permits.finish(id, countsUntil(policy, now, agoMs))
      else if (permits.drop(id)) unsent += 1
      if (heard !== undefined) replies.push({ agoMs, heard })
    }
    law = afterUnused(law, unsent)
    if (replies.length > 0)
      law = afterReplies(policy, law, replies, permits.held(now).unfinished, now)
  }

  const give = (waiting: ReadonlyArray<Waiting>, now: number): Turn => {
    const lines = linesOf(waiting)
    const held = permits.held(now)
    const played = playTurn(policy, law, held, lines, now)
    law = played.law
    const granted = permitsFor(waiting, lines, played.granted).map((place) => {
      made += 1
      const id = String(made)
      // Without a limit nothing is counted: what is sent until one is told is in that reply's count.
      if (law.allowed !== "unlimited")
        permits.add(id, countsAtLongest(policy, now, waiting[place]?.longestMs ?? 0))
      return { place, id }
    })
    return {
      granted,
      waits: played.waits,
      againInMs: played.againInMs,
      seen: seenOf(policy, law, held.active + granted.length, now)
    }
  }

  return {
    policy,
    turn: (waiting, over) =>
      Effect.map(monotonicMs, (now) => {
        permits.forget(now)
        takeBack(over, now)
        return give(waiting, now)
      }),
    laterMs: 0
  }
}
