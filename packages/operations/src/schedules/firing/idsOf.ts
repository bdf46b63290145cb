import { Array, Effect } from "effect"
import { OperationStore } from "../../database/OperationStore.ts"
import type { OperationId } from "../../domain/Operation.ts"
import type { DueFiring } from "../planFirings.ts"
import { operationIdOf } from "./operationIdOf.ts"

/** Ids of one question: below SQLite's limit of 32,766 parameters. */
const IDS_PER_QUESTION = 1_000

/**
 * The ids of the operations that carry firings out. Asked within the transaction that settles them: one
 * that exists by then was submitted by a clock that was ahead and went back, and is another operation now.
 */
export const idsOf = Effect.fnUntraced(function* (due: ReadonlyArray<DueFiring>, now: number) {
  const { sql } = yield* OperationStore
  const ids = new Map(due.map((firing) => [firing.key, operationIdOf(firing)]))
  const questions = Array.chunksOf([...ids.values()], IDS_PER_QUESTION)
  const answers = yield* Effect.forEach(
    questions,
    (some) => sql<{ id: OperationId }>`SELECT id FROM operations WHERE ${sql.in("id", some)}`
  )
  const taken = new Set(answers.flat().map(({ id }) => id))
  return (firing: DueFiring): OperationId => {
    const id = ids.get(firing.key) ?? operationIdOf(firing)
    return taken.has(id)
      ? operationIdOf({ key: `${firing.key} again at ${now}`, at: firing.at })
      : id
  }
})
