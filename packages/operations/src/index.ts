export { budgetIdOf, layerSqlBudget, type SqlBudgetOptions } from "./budget/SqlBudget.ts"
export { type ClusterOptions, layerCluster } from "./cluster/layerCluster.ts"
export { layerSingle, type SingleOptions } from "./cluster/layerSingle.ts"
export { layerClusterView, type ViewedEngine } from "./cluster/clusterView.ts"
export { layerSubmitting } from "./engine/operationsLive.ts"
export { type Beside, type EnginePorts, type EngineServices } from "./cluster/engine.ts"
export {
  EngineInUse,
  OperationNotControllable,
  OperationNotFound,
  OperationsUnavailable
} from "./domain/errors.ts"
export * from "./errors.ts"
export {
  FleetOrder,
  FleetSpec,
  HaltSpec,
  isOver,
  Operation,
  OperationChange,
  OperationCounts,
  OperationId,
  type OperationKind,
  OperationSpec,
  OperationStatus,
  TransitionSpec
} from "./domain/Operation.ts"
export { ItemStatus, OperationItem, requestIdOf } from "./domain/OperationItem.ts"
export { PlannedItem } from "./domain/PlannedItem.ts"
export { mayBeSeenBy } from "./database/OperationStore.ts"
export { Selector } from "./domain/Selector.ts"
export { Cluster, type ClusterState, type Runner } from "./ports/Cluster.ts"
export {
  type ControlError,
  type ItemQuery,
  type OperationQuery,
  Operations,
  type PlanQuery,
  type Submission
} from "./ports/Operations.ts"
export { Transitions } from "./ports/Transitions.ts"
export { ScheduleNotFound } from "./domain/ScheduleNotFound.ts"
export {
  type AskedBy,
  type Firing,
  Schedules,
  type ScheduleSubmission,
  type ScheduleView
} from "./ports/Schedules.ts"
export {
  applyFile,
  type ApplyError,
  type ApplyRequest,
  type FileApplied
} from "./desired/applyFile.ts"
export {
  FilePlan,
  hasDifferences,
  PolicyDifference,
  PolicyText,
  ScheduleDifference,
  StateDifference
} from "./desired/FilePlan.ts"
export { type FleetEntry, type FleetFile, readFleetFile } from "./desired/FleetFile.ts"
export { planFile } from "./desired/planFile.ts"
export { PlanRefused, PlanStale } from "./desired/PlanStale.ts"
export { layerCampaignPolicies, PolicyStore } from "./desired/PolicyStore.ts"
export * from "./schedules/index.ts"
export * from "./halt/index.ts"
export {
  type CampaignSupervision,
  Guard,
  type GuardCondition,
  type GuardStatus
} from "./ports/Guard.ts"
export * from "./guard/index.ts"
export { Beat, watchStoreSql, WatchStore } from "./watch/index.ts"
