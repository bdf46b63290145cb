import type { Verdict } from "../guards/Verdict.ts"
import type { CampaignctlError, Problem } from "./errors.ts"

/** What some errors say beyond their code and their sentence, as data: the same names wherever errors are shown. */
export interface ErrorDetails {
  /** Every verdict that forbids the change. */
  readonly violations?: ReadonlyArray<Verdict>
  /** Everything that is wrong with the request or the configuration. */
  readonly problems?: ReadonlyArray<Problem>
  /** The permission that is missing. */
  readonly permission?: string
  readonly genesysCode?: string
  readonly genesysStatus?: number
  /** What Genesys support asks for. */
  readonly contextId?: string
  /** Milliseconds that Genesys asked us to wait. */
  readonly retryAfterMs?: number
  /** The code of the last error, where every retry failed. */
  readonly lastCode?: string
  readonly changeMayHaveHappened?: boolean
  readonly auditSequence?: number
}

/** The details of an error; what it does not have is absent. */
export const errorDetails = (error: CampaignctlError): ErrorDetails => ({
  ...(error._tag === "TransitionRejected" ? { violations: error.violations } : {}),
  ...("problems" in error ? { problems: error.problems } : {}),
  ...("permission" in error ? { permission: error.permission } : {}),
  ...("genesysCode" in error && error.genesysCode !== undefined
    ? { genesysCode: error.genesysCode }
    : {}),
  ...("status" in error && error.status !== undefined ? { genesysStatus: error.status } : {}),
  ...("contextId" in error && error.contextId !== undefined ? { contextId: error.contextId } : {}),
  ...("retryAfterMs" in error && error.retryAfterMs !== undefined
    ? { retryAfterMs: error.retryAfterMs }
    : {}),
  ...("lastCode" in error ? { lastCode: error.lastCode } : {}),
  ...("changeMayHaveHappened" in error
    ? { changeMayHaveHappened: error.changeMayHaveHappened }
    : {}),
  ...("auditSequence" in error && error.auditSequence !== undefined
    ? { auditSequence: error.auditSequence }
    : {})
})
