import { type ErrorDetails, errorDetails, type Verdict } from "@campaignctl/core"
import { isOperationsError } from "@campaignctl/operations/errors"
import type { CommandError } from "../process/CommandError.ts"

/** An error as `-o json` and `-o yaml` write it. Part of the documented output. */
export interface ErrorDocument extends ErrorDetails {
  /** Stable; `campaignctl explain-error CODE` tells more. */
  readonly code: string
  readonly message: string
  readonly nextStep: string
}

/** The error as a document. Errors carry no secret, so that every part may be shown. */
export const errorDocument = (error: CommandError): ErrorDocument => ({
  code: error.page.code,
  message: error.message,
  nextStep: nextStepOf(error),
  ...(isOperationsError(error) ? {} : errorDetails(error))
})

const nextStepOf = (error: CommandError): string => {
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
