import {
  type CampaignctlError,
  errorCatalogue,
  type ErrorPage,
  type ErrorTag,
  type GenesysUnavailable
} from "@campaignctl/core"
import { operationsErrors, type OperationsErrorTag } from "@campaignctl/operations/errors"
import { webhooksErrors, type WebhooksErrorTag } from "@campaignctl/webhooks/errors"
import { httpProblems } from "./httpProblems.ts"

/**
 * The status of each of the core's errors. `LockConflict` by itself is a start that gave way to a stop, or a
 * condition that was not met and is told as that; a conflict that retries could not get past is a `RetriesExhausted`.
 */
const statuses = {
  RequestInvalid: 400,
  CampaignNotFound: 404,
  LockConflict: 409,
  TransitionRejected: 422,
  GenesysRefused: 422,
  RateLimited: 429,
  ConfigInvalid: 500,
  NotAuthenticated: 502,
  PermissionMissing: 502,
  GenesysUnavailable: 502,
  RetriesExhausted: 503,
  AuditUnavailable: 503,
  BudgetUnavailable: 503,
  OutcomeUnknown: 504
} as const satisfies Record<ErrorTag, number>

/** The status of each of the errors of operations. No answer says `EngineInUse`: no service starts then. */
export const operationsStatuses = {
  OperationNotFound: 404,
  ScheduleNotFound: 404,
  HoldNotFound: 404,
  OperationNotControllable: 409,
  PlanStale: 409,
  PlanRefused: 422,
  EngineInUse: 503,
  OperationsUnavailable: 503
} as const satisfies Record<OperationsErrorTag, number>

/** The status of each of the errors of webhooks. */
export const webhooksStatuses = {
  SubscriptionNotFound: 404,
  DeliveryNotFound: 404,
  DeliveryNotRepeatable: 409,
  ReceiverRefused: 422,
  WebhooksUnavailable: 503
} as const satisfies Record<WebhooksErrorTag, number>

/** 502: it answered, unusably; 503: it is not there; 504: it did not answer in time. */
const statusOfReason: Readonly<Record<GenesysUnavailable["reason"], number>> = {
  "server-error": 502,
  "malformed-reply": 502,
  "connection-lost": 502,
  unreachable: 503,
  timeout: 504
}

/** What the last error of a run that gave up says of its status. */
const statusOfLast: Readonly<Record<string, number>> = { LOCK_CONFLICT: 409, RATE_LIMITED: 429 }

export const statusOf = (error: CampaignctlError): number => {
  if (error._tag === "GenesysUnavailable") return statusOfReason[error.reason]
  if (error._tag === "RetriesExhausted")
    return statusOfLast[error.lastCode] ?? statuses.RetriesExhausted
  return statuses[error._tag]
}

/** A problem's page with every status that it may come with. */
export interface ProblemPage extends ErrorPage {
  readonly statuses: ReadonlyArray<number>
}

const furtherStatuses: Readonly<Partial<Record<ErrorTag, ReadonlyArray<number>>>> = {
  GenesysUnavailable: Object.values(statusOfReason),
  RetriesExhausted: Object.values(statusOfLast)
}

const tags = Object.keys(errorCatalogue) as ReadonlyArray<ErrorTag> // its keys are the tags

const operationsTags = Object.keys(operationsErrors) as ReadonlyArray<OperationsErrorTag> // its keys are the tags

const webhooksTags = Object.keys(webhooksErrors) as ReadonlyArray<WebhooksErrorTag> // its keys are the tags

/** Every problem that the service may answer, the core's, those of operations and webhooks and its own, by code. */
export const problemPages: ReadonlyMap<string, ProblemPage> = new Map(
  [
    ...tags.map((tag) => ({
      ...errorCatalogue[tag],
      statuses: [...new Set([statuses[tag], ...(furtherStatuses[tag] ?? [])])].toSorted(
        (a, b) => a - b
      )
    })),
    ...operationsTags.map((tag) => ({
      ...operationsErrors[tag],
      statuses: [operationsStatuses[tag]]
    })),
    ...webhooksTags.map((tag) => ({ ...webhooksErrors[tag], statuses: [webhooksStatuses[tag]] })),
    ...Object.values(httpProblems).map((page) => ({ ...page, statuses: [page.status] }))
  ].map((page) => [page.code, page])
)

/** The status with which an error of the ledger's words is answered. */
export const statusOfCode = (code: string): number =>
  tags
    .map((tag) => ({ tag, ...errorCatalogue[tag] }))
    .flatMap(({ code: known, tag }) => (known === code ? [statuses[tag]] : []))[0] ??
  statuses.GenesysRefused
