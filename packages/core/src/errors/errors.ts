import { Schema } from "effect"
import { CampaignState, TargetState } from "../campaign/State.ts"
import { isViolation, Verdict } from "../guards/Verdict.ts"
import { errorCatalogue, type ErrorPage } from "./catalogue.ts"

const contextId = Schema.optionalKey(Schema.String)
/** One thing wrong with a configuration or a request. */
export const Problem = Schema.Struct({
  key: Schema.String,
  expected: Schema.String,
  /** What was found instead; never a secret's value. */
  found: Schema.String
})
export type Problem = typeof Problem.Type

const listed = (problems: ReadonlyArray<Problem>): string =>
  problems
    .map(({ expected, found, key }) => `${key}: expected ${expected}, found ${found}`)
    .join("; ")

/** The campaign does not exist, or this OAuth client cannot see it. */
export class CampaignNotFound extends Schema.TaggedError<CampaignNotFound>()("CampaignNotFound", {
  campaignId: Schema.String,
  contextId
}) {
  readonly page: ErrorPage = errorCatalogue.CampaignNotFound
  override get message(): string {
    return `There is no campaign ${this.campaignId} that this OAuth client can see.`
  }
}

/** The guards refuse the change. Carries every verdict. */
export class TransitionRejected extends Schema.TaggedError<TransitionRejected>()(
  "TransitionRejected",
  {
    campaignId: Schema.String,
    campaignName: Schema.String,
    state: CampaignState,
    target: TargetState,
    verdicts: Schema.Array(Verdict),
    auditSequence: Schema.optionalKey(Schema.Number)
  }
) {
  readonly page: ErrorPage = errorCatalogue.TransitionRejected
  get violations(): ReadonlyArray<Verdict> {
    return this.verdicts.filter(isViolation)
  }
  override get message(): string {
    const why = this.violations.map(({ detail, guard }) => `${guard}: ${detail}`).join(" ")
    return `“${this.campaignName}” may not go from ${this.state} to ${this.target}. ${why}`
  }
}

/** The write's lock token was not the current one, or a start gave way to a stop of the same campaign. */
export class LockConflict extends Schema.TaggedError<LockConflict>()("LockConflict", {
  campaignId: Schema.String,
  /** For a start alone: it was given up because a stop was asked for meanwhile. */
  gaveWay: Schema.optionalKey(Schema.Literal(true)),
  genesysCode: Schema.optionalKey(Schema.String),
  contextId
}) {
  readonly page: ErrorPage = errorCatalogue.LockConflict
  override get message(): string {
    return this.gaveWay === undefined
      ? `Campaign ${this.campaignId} was changed by somebody else between our read and our write.`
      : `The start of campaign ${this.campaignId} was given up, because it was asked to stop meanwhile.`
  }
}

/** Genesys answered 429, or the budget that its headers granted is spent. */
export class RateLimited extends Schema.TaggedError<RateLimited>()("RateLimited", {
  /** Milliseconds to wait, where Genesys said so. */
  retryAfterMs: Schema.optionalKey(Schema.Number),
  contextId
}) {
  readonly page: ErrorPage = errorCatalogue.RateLimited
  override get message(): string {
    return this.retryAfterMs === undefined
      ? "Genesys grants no more requests for now."
      : `Genesys grants no more requests for ${Math.ceil(this.retryAfterMs / 1000)} s.`
  }
}

/** The database that counts the requests does not answer, so that none may be sent. Nothing was. */
export class BudgetUnavailable extends Schema.TaggedError<BudgetUnavailable>()(
  "BudgetUnavailable",
  {}
) {
  readonly page: ErrorPage = errorCatalogue.BudgetUnavailable
  override get message(): string {
    return "The database of the request budget cannot be reached, so nothing was sent to Genesys."
  }
}

/** The token endpoint or the API does not accept the credentials. */
export class NotAuthenticated extends Schema.TaggedError<NotAuthenticated>()("NotAuthenticated", {
  detail: Schema.String,
  contextId
}) {
  readonly page: ErrorPage = errorCatalogue.NotAuthenticated
  override get message(): string {
    return `Genesys does not accept the credentials: ${this.detail}`
  }
}

/** A permission, a scope or a division grant is missing. */
export class PermissionMissing extends Schema.TaggedError<PermissionMissing>()(
  "PermissionMissing",
  {
    /** The permission, such as `outbound:campaign:edit`. */
    permission: Schema.String,
    detail: Schema.String,
    genesysCode: Schema.optionalKey(Schema.String),
    contextId
  }
) {
  readonly page: ErrorPage = errorCatalogue.PermissionMissing
  override get message(): string {
    return `The OAuth client lacks ${this.permission}: ${this.detail}`
  }
}

/** A definite no of Genesys that is none of the others: retrying the same cannot help. */
export class GenesysRefused extends Schema.TaggedError<GenesysRefused>()("GenesysRefused", {
  status: Schema.Number,
  genesysCode: Schema.String,
  detail: Schema.String,
  contextId
}) {
  readonly page: ErrorPage = errorCatalogue.GenesysRefused
  override get message(): string {
    const context = this.contextId === undefined ? "" : ` (context id ${this.contextId})`
    return `Genesys refused with ${this.status} ${this.genesysCode}: ${this.detail}${context}`
  }
}

/** No usable answer: timeout, reset, unreachable host, 5xx, a body that cannot be read. */
export class GenesysUnavailable extends Schema.TaggedError<GenesysUnavailable>()(
  "GenesysUnavailable",
  {
    reason: Schema.Literals([
      "timeout",
      "connection-lost",
      "unreachable",
      "server-error",
      "malformed-reply"
    ]),
    detail: Schema.String,
    status: Schema.optionalKey(Schema.Number),
    contextId,
    /** Milliseconds to wait, where the reply said so (503 with Retry-After). */
    retryAfterMs: Schema.optionalKey(Schema.Number)
  }
) {
  readonly page: ErrorPage = errorCatalogue.GenesysUnavailable
  override get message(): string {
    return `Genesys gave no usable answer (${this.reason}): ${this.detail}`
  }
}

/** The change may or may not have been made. Never reported as done. */
export class OutcomeUnknown extends Schema.TaggedError<OutcomeUnknown>()("OutcomeUnknown", {
  campaignId: Schema.String,
  target: TargetState,
  detail: Schema.String,
  auditSequence: Schema.optionalKey(Schema.Number)
}) {
  readonly page: ErrorPage = errorCatalogue.OutcomeUnknown
  override get message(): string {
    return `It is not known whether campaign ${this.campaignId} became ${this.target}: ${this.detail}`
  }
}

/** Every retry failed, or the next one would pass the deadline. The change was not made. */
export class RetriesExhausted extends Schema.TaggedError<RetriesExhausted>()("RetriesExhausted", {
  campaignId: Schema.String,
  /** How many times the change was tried. */
  attempts: Schema.Number,
  because: Schema.Literals(["retries", "deadline"]),
  /** The last error: its stable code and its sentence. */
  lastCode: Schema.String,
  lastMessage: Schema.String,
  /** For a rate limit: milliseconds that Genesys asked us to wait. */
  retryAfterMs: Schema.optionalKey(Schema.Number),
  auditSequence: Schema.optionalKey(Schema.Number)
}) {
  readonly page: ErrorPage = errorCatalogue.RetriesExhausted
  override get message(): string {
    const limit = this.because === "retries" ? "no retry is left" : "the deadline would pass"
    return `Gave up on campaign ${this.campaignId} after ${this.attempts} attempt(s), ${limit}. Last: ${this.lastMessage}`
  }
}

/** The ledger could not be read or written. */
export class AuditUnavailable extends Schema.TaggedError<AuditUnavailable>()("AuditUnavailable", {
  detail: Schema.String,
  /** True only when a change may have been sent already: its intent is in the ledger then, and the next run settles it. */
  changeMayHaveHappened: Schema.Boolean
}) {
  readonly page: ErrorPage = errorCatalogue.AuditUnavailable
  override get message(): string {
    return this.changeMayHaveHappened
      ? `The change may have been sent, and the ledger could not record its outcome: ${this.detail} The next run settles it.`
      : `The audit ledger cannot be used, so nothing was changed: ${this.detail}`
  }
}

/** Configuration that cannot be used; lists every problem at once. */
export class ConfigInvalid extends Schema.TaggedError<ConfigInvalid>()("ConfigInvalid", {
  problems: Schema.Array(Problem)
}) {
  readonly page: ErrorPage = errorCatalogue.ConfigInvalid
  override get message(): string {
    return `The configuration is not usable. ${listed(this.problems)}.`
  }
}

/** A request that cannot be understood; lists every problem at once. Nothing was written. */
export class RequestInvalid extends Schema.TaggedError<RequestInvalid>()("RequestInvalid", {
  problems: Schema.Array(Problem)
}) {
  readonly page: ErrorPage = errorCatalogue.RequestInvalid
  override get message(): string {
    return `The request is not well formed. ${listed(this.problems)}.`
  }
}

/** What a call to Genesys can fail with. */
export type GatewayError =
  | CampaignNotFound
  | LockConflict
  | RateLimited
  | BudgetUnavailable
  | NotAuthenticated
  | PermissionMissing
  | GenesysRefused
  | GenesysUnavailable

/** What a transition can fail with, as it goes from one process to another. */
export const TransitionError = Schema.Union([
  CampaignNotFound,
  LockConflict,
  RateLimited,
  BudgetUnavailable,
  NotAuthenticated,
  PermissionMissing,
  GenesysRefused,
  GenesysUnavailable,
  TransitionRejected,
  OutcomeUnknown,
  RetriesExhausted,
  AuditUnavailable,
  RequestInvalid
])
export type TransitionError = typeof TransitionError.Type

/** Every error that the product raises. */
export type CampaignctlError = TransitionError | ConfigInvalid
