import { Verdict } from "@campaignctl/core"
import { FilePlan } from "@campaignctl/operations"
import { Schema } from "effect"

/** One thing wrong with a request. What was found is never repeated: it may be personal, or a secret. */
export const RequestFault = Schema.Struct({
  key: Schema.String.annotate({ description: "Where: a field, a parameter or a header." }),
  expected: Schema.String
}).annotate({ identifier: "RequestFault" })
export type RequestFault = typeof RequestFault.Type

/** What some problems say beyond what all of them say. */
const parts = {
  violations: Schema.optionalKey(Schema.Array(Verdict)),
  problems: Schema.optionalKey(Schema.Array(RequestFault)),
  requiredScope: Schema.optionalKey(Schema.String),
  permission: Schema.optionalKey(Schema.String),
  genesysCode: Schema.optionalKey(Schema.String),
  genesysStatus: Schema.optionalKey(Schema.Number),
  contextId: Schema.optionalKey(
    Schema.String.annotate({ description: "What Genesys support asks for." })
  ),
  retryAfterMs: Schema.optionalKey(Schema.Number),
  lastCode: Schema.optionalKey(
    Schema.String.annotate({ description: "The code of the last error, where every retry failed." })
  ),
  changeMayHaveHappened: Schema.optionalKey(Schema.Boolean),
  auditSequence: Schema.optionalKey(Schema.Number),
  expectedCampaigns: Schema.optionalKey(Schema.Number),
  selectedCampaigns: Schema.optionalKey(Schema.Number),
  refusals: Schema.optionalKey(
    Schema.Array(Schema.String).annotate({ description: "What keeps a file from being applied." })
  ),
  plan: Schema.optionalKey(FilePlan.annotate({ description: "The plan of a file as it is now." }))
} as const

const ProblemParts = Schema.Struct(parts)
export type ProblemParts = typeof ProblemParts.Type

/** A problem as RFC 9457 words it, with our own members. */
export const ProblemDocument = Schema.Struct({
  type: Schema.String.annotate({ description: "The page that explains the code." }),
  title: Schema.String,
  status: Schema.Int,
  detail: Schema.String,
  code: Schema.String.annotate({ description: "Stable: programs may match on it." }),
  nextStep: Schema.String,
  requestId: Schema.String,
  traceId: Schema.NullOr(Schema.String),
  ...parts
}).annotate({ identifier: "Problem", description: "A problem (RFC 9457)." })
export type ProblemDocument = typeof ProblemDocument.Type

export const PROBLEM_TYPE = "application/problem+json"
