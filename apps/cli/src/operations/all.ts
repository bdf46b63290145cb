// Loaded by the commands on operations alone: the engine is large, and most commands need none.
export { clusterStateOf, clusterStatus } from "./commands/clusterStatus.ts"
export { fleetChange } from "./commands/fleetChange.ts"
export { guardStatus } from "./commands/guardStatus.ts"
export { halt } from "./commands/halt.ts"
export { applyCommand, planCommand } from "./commands/planApply.ts"
export { scheduleAdd, scheduleList, scheduleNext, scheduleRemove } from "./commands/schedules.ts"
export { haltLift, haltList } from "./commands/holds.ts"
export { watchStatus } from "./commands/watchStatus.ts"
export {
  operationsCancel,
  operationsList,
  operationsPause,
  operationsResume,
  operationsShow,
  operationsWatch
} from "./commands/operations.ts"
