import type { OperationsError } from "@campaignctl/operations/errors"
import type { ProblemParts } from "./ProblemDocument.ts"
import { operationsStatuses } from "./statusOf.ts"

/** What the database said is for the log: it names hosts and tables. */
const detailOf = (error: OperationsError): string =>
  error._tag === "OperationsUnavailable" ? `${error.page.title}.` : error.message

const partsOf = (error: OperationsError): ProblemParts => ({
  ...(error._tag === "PlanStale" ? { plan: error.now } : {}),
  ...(error._tag === "PlanRefused" ? { refusals: error.refusals } : {})
})

/** How an error of operations is answered. */
export const operationsFields = (error: OperationsError) => ({
  ...error.page,
  status: operationsStatuses[error._tag],
  detail: detailOf(error),
  parts: partsOf(error)
})
