import { laterFrom } from "../process/later.ts"

const later = laterFrom(() => import("./all.ts"))

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
