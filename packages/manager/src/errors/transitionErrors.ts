import type { CampaignState, GuardVerdict, TargetState } from "../shapes.ts"
import { CampaignctlError, type Told } from "./CampaignctlError.ts"

/** The guards refuse the change; nothing was sent to Genesys. */
export class TransitionRejectedError extends CampaignctlError {
  declare readonly code: "TRANSITION_REJECTED"
  readonly campaignId: string
  readonly campaignName: string
  readonly state: CampaignState
  readonly target: TargetState
  /** What every guard said, in the guards' order. */
  readonly verdicts: ReadonlyArray<GuardVerdict>
  /** Those of the verdicts that forbid the change: all of them, not the first alone. */
  readonly violations: ReadonlyArray<GuardVerdict>
  /** The ledger's sequence of the refusal. */
  readonly auditSequence: number | undefined

  constructor(
    told: Told<{
      readonly campaignId: string
      readonly campaignName: string
      readonly state: CampaignState
      readonly target: TargetState
      readonly verdicts: ReadonlyArray<GuardVerdict>
      readonly violations: ReadonlyArray<GuardVerdict>
      readonly auditSequence?: number
    }>
  ) {
    super(told.message, told.page)
    this.campaignId = told.campaignId
    this.campaignName = told.campaignName
    this.state = told.state
    this.target = told.target
    this.verdicts = told.verdicts
    this.violations = told.violations
    this.auditSequence = told.auditSequence
  }
}

/** The change may or may not have been made. Look at the campaign before anything else. */
export class OutcomeUnknownError extends CampaignctlError {
  declare readonly code: "OUTCOME_UNKNOWN"
  readonly campaignId: string
  readonly target: TargetState
  readonly auditSequence: number | undefined

  constructor(
    told: Told<{
      readonly campaignId: string
      readonly target: TargetState
      readonly auditSequence?: number
    }>
  ) {
    super(told.message, told.page)
    this.campaignId = told.campaignId
    this.target = told.target
    this.auditSequence = told.auditSequence
  }
}

/** Every retry failed, or the next one would pass the deadline. The change was not made. */
export class RetriesExhaustedError extends CampaignctlError {
  declare readonly code: "RETRIES_EXHAUSTED"
  readonly campaignId: string
  /** How many times the change was tried. */
  readonly attempts: number
  readonly because: "retries" | "deadline"
  /** The code of the last error, such as `RATE_LIMITED`. */
  readonly lastCode: string
  readonly lastMessage: string
  /** For a rate limit: milliseconds that Genesys asked us to wait. */
  readonly retryAfterMs: number | undefined
  readonly auditSequence: number | undefined

  constructor(
    told: Told<{
      readonly campaignId: string
      readonly attempts: number
      readonly because: "retries" | "deadline"
      readonly lastCode: string
      readonly lastMessage: string
      readonly retryAfterMs?: number
      readonly auditSequence?: number
    }>
  ) {
    super(told.message, told.page)
    this.campaignId = told.campaignId
    this.attempts = told.attempts
    this.because = told.because
    this.lastCode = told.lastCode
    this.lastMessage = told.lastMessage
    this.retryAfterMs = told.retryAfterMs
    this.auditSequence = told.auditSequence
  }
}

/** The ledger could not be read or written. */
export class AuditUnavailableError extends CampaignctlError {
  declare readonly code: "AUDIT_UNAVAILABLE"
  /** True only when a change had been sent already; the next start settles it. */
  readonly changeMayHaveHappened: boolean

  constructor(told: Told<{ readonly changeMayHaveHappened: boolean }>) {
    super(told.message, told.page)
    this.changeMayHaveHappened = told.changeMayHaveHappened
  }
}
