import { CampaignctlError, type Told } from "./CampaignctlError.ts"

/** The campaign does not exist, or the OAuth client cannot see it. */
export class CampaignNotFoundError extends CampaignctlError {
  declare readonly code: "CAMPAIGN_NOT_FOUND"
  readonly campaignId: string
  /** What Genesys support asks for; undefined where the reply had none. The same in the other errors. */
  readonly contextId: string | undefined

  constructor(told: Told<{ readonly campaignId: string; readonly contextId?: string }>) {
    super(told.message, told.page)
    this.campaignId = told.campaignId
    this.contextId = told.contextId
  }
}

/** Somebody else wrote to the campaign between the read and the write, or its start gave way to a stop. */
export class LockConflictError extends CampaignctlError {
  declare readonly code: "LOCK_CONFLICT"
  readonly campaignId: string
  /** Whether it was a start that was given up because a stop was asked for meanwhile. */
  readonly gaveWay: boolean
  readonly genesysCode: string | undefined
  readonly contextId: string | undefined

  constructor(
    told: Told<{
      readonly campaignId: string
      readonly gaveWay?: true
      readonly genesysCode?: string
      readonly contextId?: string
    }>
  ) {
    super(told.message, told.page)
    this.campaignId = told.campaignId
    this.gaveWay = told.gaveWay === true
    this.genesysCode = told.genesysCode
    this.contextId = told.contextId
  }
}

/** Genesys grants no more requests for now. */
export class RateLimitedError extends CampaignctlError {
  declare readonly code: "RATE_LIMITED"
  /** Milliseconds to wait before asking again; undefined where Genesys did not say. */
  readonly retryAfterMs: number | undefined
  readonly contextId: string | undefined

  constructor(told: Told<{ readonly retryAfterMs?: number; readonly contextId?: string }>) {
    super(told.message, told.page)
    this.retryAfterMs = told.retryAfterMs
    this.contextId = told.contextId
  }
}

/** The database that counts the requests to Genesys cannot be reached; nothing was sent. */
export class BudgetUnavailableError extends CampaignctlError {
  declare readonly code: "BUDGET_UNAVAILABLE"

  constructor(told: Told<object>) {
    super(told.message, told.page)
  }
}

/** Genesys does not accept the credentials. */
export class NotAuthenticatedError extends CampaignctlError {
  declare readonly code: "NOT_AUTHENTICATED"
  readonly contextId: string | undefined

  constructor(told: Told<{ readonly contextId?: string }>) {
    super(told.message, told.page)
    this.contextId = told.contextId
  }
}

/** A permission, a scope or a division grant is missing. */
export class PermissionMissingError extends CampaignctlError {
  declare readonly code: "PERMISSION_MISSING"
  /** Such as `outbound:campaign:edit`. */
  readonly permission: string
  readonly genesysCode: string | undefined
  readonly contextId: string | undefined

  constructor(
    told: Told<{
      readonly permission: string
      readonly genesysCode?: string
      readonly contextId?: string
    }>
  ) {
    super(told.message, told.page)
    this.permission = told.permission
    this.genesysCode = told.genesysCode
    this.contextId = told.contextId
  }
}

/** A definite no of Genesys that is none of the others. */
export class GenesysRefusedError extends CampaignctlError {
  declare readonly code: "GENESYS_REFUSED"
  /** The HTTP status. */
  readonly status: number
  readonly genesysCode: string
  readonly contextId: string | undefined

  constructor(
    told: Told<{
      readonly status: number
      readonly genesysCode: string
      readonly contextId?: string
    }>
  ) {
    super(told.message, told.page)
    this.status = told.status
    this.genesysCode = told.genesysCode
    this.contextId = told.contextId
  }
}

/** No usable answer came. */
export class GenesysUnavailableError extends CampaignctlError {
  declare readonly code: "GENESYS_UNAVAILABLE"
  readonly reason:
    | "timeout"
    | "connection-lost"
    | "unreachable"
    | "server-error"
    | "malformed-reply"
  /** The HTTP status, where there was a reply. */
  readonly status: number | undefined
  /** Milliseconds to wait before asking again, where the reply said so. */
  readonly retryAfterMs: number | undefined
  readonly contextId: string | undefined

  constructor(
    told: Told<{
      readonly reason: GenesysUnavailableError["reason"]
      readonly status?: number
      readonly retryAfterMs?: number
      readonly contextId?: string
    }>
  ) {
    super(told.message, told.page)
    this.reason = told.reason
    this.status = told.status
    this.retryAfterMs = told.retryAfterMs
    this.contextId = told.contextId
  }
}
