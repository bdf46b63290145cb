import type { CampaignctlError } from "@campaignctl/core"
import type {
  EngineInUse,
  HoldNotFound,
  OperationNotControllable,
  OperationNotFound,
  OperationsUnavailable,
  PlanRefused,
  PlanStale,
  ScheduleNotFound
} from "@campaignctl/operations"

/** What commands on operations fail with beside what the core does. */
export type OperationsError =
  | EngineInUse
  | HoldNotFound
  | OperationNotControllable
  | OperationNotFound
  | OperationsUnavailable
  | PlanRefused
  | PlanStale
  | ScheduleNotFound

const TAGS: Readonly<Record<OperationsError["_tag"], true>> = {
  EngineInUse: true,
  HoldNotFound: true,
  OperationNotControllable: true,
  OperationNotFound: true,
  OperationsUnavailable: true,
  PlanRefused: true,
  PlanStale: true,
  ScheduleNotFound: true
}

export const isOfOperations = (error: CommandError): error is OperationsError =>
  Object.hasOwn(TAGS, error._tag)

/** Everything that a command fails with. */
export type CommandError = CampaignctlError | OperationsError
