import type { CampaignctlError, Problem, Verdict } from "@campaignctl/core"

/** An error as `-o json` and `-o yaml` write it. Part of the documented output. */
export interface ErrorDocument {
  /** Stable; `campaignctl explain-error CODE` tells more. */
  readonly code: string
  readonly message: string
  readonly nextStep: string
  /** Every verdict that forbids the change. */
  readonly violations?: ReadonlyArray<Verdict>
  /** Everything that is wrong with the command line or the configuration. */
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

/** The error as a document. Errors carry no secret, so that every part may be shown. */
export const errorDocument = (error: CampaignctlError): ErrorDocument => ({
  code: error.page.code,
  message: error.message,
  nextStep: nextStepOf(error),
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

const nextStepOf = (error: CampaignctlError): string => {
  if (error._tag === "TransitionRejected") return afterRejection(error.violations)
  return "campaignId" in error
    ? error.page.nextStep.replace(/\bID\b/, error.campaignId)
    : error.page.nextStep
}

const OVERRIDABLE: ReadonlySet<string> = new Set(["capacity", "callingWindow", "slots"])

const afterRejection = (violations: ReadonlyArray<Verdict>): string => {
  const fixed = violations.filter(({ guard }) => !OVERRIDABLE.has(guard))
  if (fixed.length > 0)
    return "Ask for a change that the matrix has: `campaignctl describe` lists where a campaign may go."
  const flags = violations.map(({ guard }) => `--override ${guard}`).join(" ")
  return `Put right what is named above and ask again, or decide against it with \`${flags} --note "why"\`.`
}
