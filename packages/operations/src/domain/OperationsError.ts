import type { ErrorPage } from "@campaignctl/core"
import type { PlanRefused, PlanStale } from "../desired/PlanStale.ts"
import type { HoldNotFound } from "../halt/holds/errors.ts"
import { operationsErrors } from "./errorPages.ts"
import type {
  EngineInUse,
  OperationNotControllable,
  OperationNotFound,
  OperationsUnavailable
} from "./errors.ts"
import type { ScheduleNotFound } from "./ScheduleNotFound.ts"

/** What operations fail with beside the core's errors. */
export type OperationsError =
  | EngineInUse
  | HoldNotFound
  | OperationNotControllable
  | OperationNotFound
  | OperationsUnavailable
  | PlanRefused
  | PlanStale
  | ScheduleNotFound

const pages: Readonly<Record<OperationsError["_tag"], ErrorPage>> = operationsErrors

/** Whether an error is one of operations, told by its tag: none of the classes is loaded for it. */
export const isOperationsError = (error: { readonly _tag: string }): error is OperationsError =>
  Object.hasOwn(pages, error._tag)
