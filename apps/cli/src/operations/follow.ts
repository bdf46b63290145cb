import { RequestBudget } from "@campaignctl/core"
import { type Operation, type OperationId, Operations } from "@campaignctl/operations"
import { Clock, Effect, Option, Stream } from "effect"
import { StatusLine } from "../progress/StatusLine.ts"
import { hint } from "../render/emit.ts"
import { Terminal } from "../terminal/Terminal.ts"
import type { OperationsError } from "@campaignctl/operations/errors"
import { doneOf, type PaceStart, progressText } from "./progressText.ts"

/** Milliseconds after which a person is told why nothing begins. */
const PATIENCE_MS = 5_000

/**
 * Follows an operation until it is over: a line that changes in place on a terminal, one JSON document
 * per line where the result is piped, and nothing in between where one document is asked for.
 */
export const follow = Effect.fnUntraced(function* (
  id: OperationId
): Effect.fn.Return<Operation, OperationsError, Operations | Terminal> {
  const terminal = yield* Terminal
  const { get, watch } = yield* Operations
  const line = new StatusLine(terminal.err)
  const piped = terminal.format === "table" && !terminal.out.isTerminal
  const onLine = !terminal.quiet && terminal.err.isTerminal
  const budget = yield* Effect.serviceOption(RequestBudget)
  let start: PaceStart | undefined
  const seen = (operation: Operation) =>
    Effect.gen(function* () {
      const now = yield* Clock.currentTimeMillis
      const granted = Option.isSome(budget) ? yield* budget.value.seen : undefined
      start ??= { atMs: now, done: doneOf(operation.counts) }
      if (piped) terminal.out.write(`${JSON.stringify(operation)}\n`)
      if (onLine) line.show(progressText(operation, start, now, granted))
    })
  return yield* Effect.scoped(
    Effect.gen(function* () {
      yield* Effect.forkScoped(
        Effect.flatMap(Effect.delay(get(id), PATIENCE_MS), ({ status }) =>
          status === "pending" ? notBegun : Effect.void
        )
      )
      yield* Stream.runForEach(watch(id), seen)
      return yield* get(id)
    })
  ).pipe(
    Effect.ensuring(Effect.sync(() => line.clear())),
    Effect.onInterrupt(() => tellDetached(id))
  )
})

const tellDetached = (id: OperationId): Effect.Effect<void, never, Terminal> =>
  Effect.flatMap(Terminal, ({ err }) =>
    Effect.sync(() => {
      err.write(
        `The operation is kept and goes on where a process carries operations on: \`campaignctl operations watch ${id}\` goes on with it, \`campaignctl operations cancel ${id}\` ends it.\n`
      )
    })
  )

const notBegun = hint(
  "No process has begun it yet. It is kept, and begins when one carries operations on: `campaignctl serve`."
)
