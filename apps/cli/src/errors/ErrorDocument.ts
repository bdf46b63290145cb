import {
  type CampaignctlError,
  errorCatalogue,
  type ErrorDetails,
  errorDetails,
  type Verdict
} from "@campaignctl/core"
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
  ...(isOfCore(error) ? errorDetails(error) : {})
})

const isOfCore = (error: CommandError): error is CampaignctlError =>
  Object.hasOwn(errorCatalogue, error._tag)

const nextStepOf = (error: CommandError): string => {
  if (error._tag === "TransitionRejected") return afterRejection(error.violations)
  if (error._tag === "ReceiverRefused") return afterRefusal(error.receiver, error.page.nextStep)
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

/** How the very receiver is allowed, where its address can be read. */
const afterRefusal = (receiver: string, nextStep: string): string => {
  const host = URL.parse(receiver)?.hostname.replaceAll(/^\[|\]$/g, "")
  return host === undefined || host === ""
    ? nextStep
    : `Give an https address without credentials that is reached over the internet; a receiver of your own that is not public is allowed by CAMPAIGNCTL_WEBHOOK_ALLOW=${host}, here and for \`campaignctl serve\`, which sends.`
}
