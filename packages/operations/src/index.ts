export {
  OperationNotControllable,
  OperationNotFound,
  OperationsUnavailable
} from "./domain/errors.ts"
export {
  FleetOrder,
  FleetSpec,
  HaltSpec,
  isOver,
  Operation,
  OperationChange,
  OperationCounts,
  OperationId,
  OperationSpec,
  OperationStatus,
  TransitionSpec
} from "./domain/Operation.ts"
export { ItemStatus, OperationItem } from "./domain/OperationItem.ts"
export { Selector } from "./domain/Selector.ts"
export {
  type ControlError,
  type ItemQuery,
  type OperationQuery,
  Operations,
  type Submission
} from "./ports/Operations.ts"
