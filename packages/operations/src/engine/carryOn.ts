import {
  attribute,
  type BudgetClass,
  CurrentBudgetClass,
  isCollected,
  report as tell,
  spans
} from "@campaignctl/core"
import { Cause, Effect } from "effect"
import { OperationStore } from "../database/OperationStore.ts"
import type { Operation, OperationId, OperationKind, OperationSpec } from "../domain/Operation.ts"
import { type BodyPorts, bodies } from "./bodies.ts"
import { takeUp, type TakenUp } from "./Carrier.ts"
import { tellFinished } from "../fleet/tellFinished.ts"
import type { OperationEnd, OperationBody } from "./OperationBody.ts"
import { inSpan } from "../telemetry/inSpan.ts"

/**
 * Carries an operation on to its end, from wherever it was left. Run again after a crash it goes on
 * from what is in the tables.
 *
 * Once another process has taken the operation over it waits to be ended, instead of ending: the
 * engine would take the end of this run for the operation's.
 */
export const carryOn = Effect.fnUntraced(function* (
  id: OperationId,
  runner: string
): Effect.fn.Return<void, never, OperationStore | BodyPorts> {
  const store = yield* OperationStore
  const taken = yield* takeUp(store, id, runner)
  if (taken === undefined) return
  const { source, spec } = taken.operation
  yield* toItsEnd(taken).pipe(
    inSpan(spans.operation.name, {
      [attribute.operationId]: id,
      [attribute.operationKind]: spec._tag,
      [attribute.source]: source
    }),
    Effect.catchTag("Overtaken", () =>
      Effect.andThen(
        Effect.logInfo(`Operation ${id} is carried on by another process.`),
        Effect.never
      )
    ),
    Effect.annotateLogs({ operation: id })
  )
})

/** Whom an operation's requests are sent for. */
const CLASS_OF: Readonly<Record<OperationKind, BudgetClass>> = {
  Transition: "operator",
  Fleet: "fleet",
  Halt: "halt"
}

const classOf = ({ scheduleId, spec }: Operation): BudgetClass =>
  scheduleId === null ? CLASS_OF[spec._tag] : "schedule"

const toItsEnd = Effect.fnUntraced(function* (taken: TakenUp) {
  const { operation } = taken
  const end = yield* Effect.provideService(
    ended(operation.spec, taken),
    CurrentBudgetClass,
    classOf(operation)
  )
  const { detail, report, status } = end
  if (operation.spec._tag === "Fleet") {
    // One that was overtaken has no end to tell of.
    yield* taken.asked
    yield* tellFinished({ ...operation, counts: yield* taken.counts }, end)
  }
  yield* taken.end(status, detail, report)
  yield* Effect.withFiber((fiber) =>
    isCollected(fiber)
      ? Effect.flatMap(taken.counts, (counts) =>
          Effect.annotateCurrentSpan({
            [attribute.operationStatus]: status,
            [attribute.campaigns]: Object.values(counts).reduce((sum, count) => sum + count, 0)
          })
        )
      : Effect.void
  )
  yield* tell({ _tag: "OperationEnded", kind: operation.spec._tag, status })
})

/** A defect ends the operation as failed, where it is seen; left to the engine it would look as if it still ran. */
const ended = (spec: OperationSpec, taken: TakenUp) => {
  // The table has for each kind the body of its own spec, which a lookup by a union cannot show.
  const body = bodies[spec._tag] as OperationBody<OperationSpec, BodyPorts> | undefined
  if (body === undefined)
    return Effect.succeed<OperationEnd>({
      status: "failed",
      detail: "This version does not know operations of this kind.",
      report: null
    })
  return body.run(spec, taken).pipe(
    Effect.catchDefect((defect) =>
      Effect.as(Effect.logError("An operation ended on a defect.", Cause.die(defect)), {
        status: "failed",
        detail: "It ended on an error of the program itself, which is in the log.",
        report: null
      } satisfies OperationEnd)
    )
  )
}
