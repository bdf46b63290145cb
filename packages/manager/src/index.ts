export type {
  AuditFilter,
  CallOptions,
  DrainWaitOptions,
  ExplainOptions,
  GuardOverride,
  ListFilter,
  TransitionOptions
} from "./callOptions.ts"
export { CampaignStateManager } from "./CampaignStateManager.ts"
export {
  AbortedError,
  ConfigInvalidError,
  ManagerClosedError,
  type Problem,
  RequestInvalidError,
  UnexpectedError
} from "./errors/callErrors.ts"
export { CampaignctlError } from "./errors/CampaignctlError.ts"
export {
  BudgetUnavailableError,
  CampaignNotFoundError,
  GenesysRefusedError,
  GenesysUnavailableError,
  LockConflictError,
  NotAuthenticatedError,
  PermissionMissingError,
  RateLimitedError
} from "./errors/genesysErrors.ts"
export {
  AuditUnavailableError,
  OutcomeUnknownError,
  RetriesExhaustedError,
  TransitionRejectedError
} from "./errors/transitionErrors.ts"
export type { CallingWindowOption, ManagerOptions } from "./ManagerOptions.ts"
export type * from "./shapes.ts"
