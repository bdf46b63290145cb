import { type CampaignctlError, errorDetails } from "@campaignctl/core"
import { isOperationsError, type OperationsError } from "@campaignctl/operations/errors"
import { isWebhooksError, type WebhooksError } from "@campaignctl/webhooks/errors"
import { jsonText, type TextAnswer } from "../routes/Answer.ts"
import { HttpProblem } from "./HttpProblem.ts"
import { operationsFields } from "./operationsAnswer.ts"
import { PROBLEM_TYPE, type ProblemDocument, type ProblemParts } from "./ProblemDocument.ts"
import { statusOf } from "./statusOf.ts"
import { webhooksFields } from "./webhooksAnswer.ts"

/** What a problem says of the request that it answers. */
export interface ProblemContext {
  /** The prefix under which the service is mounted, without a slash at the end. */
  readonly base: string
  readonly requestId: string
  readonly traceId: string | null
  /** Whether Genesys' own context id must not be told: it would tell that there is something. */
  readonly hideContextId: boolean
}

export type ServiceError = CampaignctlError | OperationsError | WebhooksError | HttpProblem

const MS_PER_SECOND = 1_000
const TOO_MANY = 429
/** Milliseconds after which asking again is worth it where Genesys did not say: its limits are by the minute. */
const WINDOW_MS = 60_000

/** Whole seconds, rounded up, at least one. */
export const retryAfterHeader = (ms: number): Readonly<Record<string, string>> => ({
  "retry-after": String(Math.max(1, Math.ceil(ms / MS_PER_SECOND)))
})

const partsOf = (error: CampaignctlError, { hideContextId }: ProblemContext): ProblemParts => {
  const { contextId, problems, ...parts } = errorDetails(error)
  const isHidden = hideContextId && error._tag === "CampaignNotFound"
  return {
    ...parts,
    ...(problems === undefined
      ? {}
      : { problems: problems.map(({ expected, key }) => ({ key, expected })) }),
    ...(contextId === undefined || isHidden ? {} : { contextId })
  }
}

/** A list of faults is told by its members; the core's sentence would repeat what was found. */
const detailOf = (error: CampaignctlError): string =>
  error._tag === "RequestInvalid" ? "The request is not well formed." : error.message

export interface ProblemFields {
  readonly status: number
  readonly code: string
  readonly title: string
  readonly nextStep: string
  readonly detail: string
  readonly parts: ProblemParts
  readonly headers?: Readonly<Record<string, string>>
}

export const answerProblem = (fields: ProblemFields, context: ProblemContext): TextAnswer => {
  const document: ProblemDocument = {
    type: `${context.base}/docs/problems/${fields.code}`,
    title: fields.title,
    status: fields.status,
    detail: fields.detail,
    code: fields.code,
    nextStep: fields.nextStep,
    requestId: context.requestId,
    traceId: context.traceId,
    ...fields.parts
  }
  return {
    status: fields.status,
    headers: { "content-type": PROBLEM_TYPE, ...fields.headers },
    body: jsonText(document)
  }
}

/** How an error is answered. `LOCK_CONFLICT` is told as the condition that was not met, unless a start gave way. */
export const problemAnswer = (error: ServiceError, context: ProblemContext): TextAnswer => {
  if (error._tag === "LockConflict" && error.gaveWay === undefined)
    return problemAnswer(new HttpProblem({ code: "PRECONDITION_FAILED" }), context)
  if (error._tag === "HttpProblem")
    return answerProblem(
      {
        ...error.page,
        detail: error.message,
        parts: error.parts ?? {},
        ...(error.headers === undefined ? {} : { headers: error.headers })
      },
      context
    )
  if (isOperationsError(error)) return answerProblem(operationsFields(error), context)
  if (isWebhooksError(error)) return answerProblem(webhooksFields(error), context)
  const status = statusOf(error)
  const parts = partsOf(error, context)
  const { retryAfterMs = status === TOO_MANY ? WINDOW_MS : undefined } = parts
  return answerProblem(
    {
      ...error.page,
      status,
      detail: detailOf(error),
      parts,
      ...(retryAfterMs === undefined ? {} : { headers: retryAfterHeader(retryAfterMs) })
    },
    context
  )
}
