import {
  type AuditDraft,
  type AuditEntry,
  AuditLog,
  type AuditUnavailable,
  Ids
} from "@campaignctl/core"
import { Clock, Effect, Exit, Fiber, Option } from "effect"
import { HaltSettings } from "./HaltSettings.ts"
import { Journal } from "./journal/Journal.ts"

/** Where an intent was written. */
export type Written =
  | { readonly _tag: "Ledger"; readonly id: string; readonly sequence: number }
  | { readonly _tag: "Journal"; readonly line: string }
  | { readonly _tag: "Nowhere" }

/** Writes down what a halt does. Never fails, and never keeps a stop waiting for long. */
export interface Trail {
  readonly write: (draft: AuditDraft) => Effect.Effect<Written>
  /** The outcome of an intent, beside it where that can be. */
  readonly settle: (intent: Written, draft: AuditDraft) => Effect.Effect<Written>
  /** Entries that the emergency journal took, and entries that nothing took. */
  readonly count: { journal: number; nowhere: number }
}

/**
 * A change that no ledger tells of is not made: that is the rule everywhere else, and here it is
 * not. A halt is for the worst day, on which the ledger's disk may be what is full, and calls that
 * must not be made are worse than calls that were ended without an entry. So each entry is tried in
 * three places: the ledger; where that fails or does not answer in time, the emergency journal, a file
 * that is flushed to the disk and taken over into the ledger later; where that fails too, the
 * process's log, as an error, and the report says how many.
 */
export const makeTrail: Effect.Effect<Trail, never, AuditLog | Ids> = Effect.gen(function* () {
  const [ledger, ids, journal] = [yield* AuditLog, yield* Ids, yield* Journal]
  const { ledgerPatienceMs, ledgerRestMs } = yield* HaltSettings
  const count = { journal: 0, nowhere: 0 }
  let restsUntil = Number.NEGATIVE_INFINITY

  /**
   * On its own: what hangs could not even be interrupted. Should it come through later, the entry is
   * there twice, and both tell the truth.
   */
  const within = Effect.fnUntraced(function* <A>(
    writing: Effect.Effect<A, AuditUnavailable>
  ): Effect.fn.Return<A | undefined> {
    const fiber = yield* Effect.forkDetach(
      // The cause alone: that nothing was changed, as the error says, is not so of a halt.
      Effect.tapError(writing, ({ detail }) =>
        Effect.logWarning(`An entry of the halt could not be written: ${detail}`)
      )
    )
    const exit = yield* Effect.timeoutOption(Fiber.await(fiber), ledgerPatienceMs)
    return Option.isSome(exit) && Exit.isSuccess(exit.value) ? exit.value.value : undefined
  })

  const inLedger = Effect.fnUntraced(function* (
    draft: AuditDraft
  ): Effect.fn.Return<AuditEntry | undefined> {
    if ((yield* Clock.currentTimeMillis) < restsUntil) return undefined
    const entry = yield* within(ledger.append(draft))
    if (entry !== undefined) return entry
    restsUntil = (yield* Clock.currentTimeMillis) + ledgerRestMs
    return undefined
  })

  const elsewhere = Effect.fnUntraced(function* (
    draft: AuditDraft,
    settles: string | null
  ): Effect.fn.Return<Written> {
    const id = yield* ids.next
    const at = new Date(yield* Clock.currentTimeMillis).toISOString()
    const taken = yield* within(Effect.as(journal.append({ id, at, draft, settles }), true))
    if (taken === true) {
      count.journal += 1
      return { _tag: "Journal", line: id }
    }
    count.nowhere += 1
    yield* Effect.logError(
      "A halt's entry could be written neither to the ledger nor to the emergency journal.",
      { entry: draft }
    )
    return { _tag: "Nowhere" }
  })

  const write = Effect.fnUntraced(function* (draft: AuditDraft, settles: string | null = null) {
    const entry = settles === null ? yield* inLedger(draft) : undefined
    return entry === undefined
      ? yield* elsewhere(draft, settles)
      : ({ _tag: "Ledger", id: entry.id, sequence: entry.sequence } as const)
  }, Effect.uninterruptible)

  return {
    write: (draft) => write(draft),
    settle: (intent, draft) =>
      intent._tag === "Journal"
        ? write(draft, intent.line)
        : write({ ...draft, intentId: intent._tag === "Ledger" ? intent.id : null }),
    count
  }
})
