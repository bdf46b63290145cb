import { Effect } from "effect"
import type * as all from "./all.ts"
import type { CommandEffect, CommandInput } from "../process/CommandInput.ts"

type All = typeof all

/** A command whose module is loaded when it is asked for. */
const later =
  <Options>(pick: (all: All) => (input: CommandInput<Options>) => CommandEffect) =>
  (input: CommandInput<Options>): CommandEffect =>
    Effect.flatMap(
      Effect.promise(() => import("./all.ts")),
      (all) => pick(all)(input)
    )

/** Commands on operations. */
export const operationsCommands = {
  apply: later(({ applyCommand }) => applyCommand),
  plan: later(({ planCommand }) => planCommand),
  scheduleAdd: later(({ scheduleAdd }) => scheduleAdd),
  scheduleList: later(({ scheduleList }) => scheduleList),
  scheduleNext: later(({ scheduleNext }) => scheduleNext),
  scheduleRemove: later(({ scheduleRemove }) => scheduleRemove),
  clusterStatus: later(({ clusterStatus }) => clusterStatus),
  fleetChange: later(({ fleetChange }) => fleetChange),
  guardStatus: later(({ guardStatus }) => guardStatus),
  halt: later(({ halt }) => halt),
  haltLift: later(({ haltLift }) => haltLift),
  haltList: later(({ haltList }) => haltList),
  operationsCancel: later(({ operationsCancel }) => operationsCancel),
  operationsList: later(({ operationsList }) => operationsList),
  operationsPause: later(({ operationsPause }) => operationsPause),
  operationsResume: later(({ operationsResume }) => operationsResume),
  operationsShow: later(({ operationsShow }) => operationsShow),
  operationsWatch: later(({ operationsWatch }) => operationsWatch),
  watchStatus: later(({ watchStatus }) => watchStatus)
}
