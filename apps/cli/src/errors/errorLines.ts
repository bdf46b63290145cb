import type { CommandError } from "../process/CommandError.ts"
import { onOneLine } from "../render/onOneLine.ts"
import type { Channel } from "../terminal/Terminal.ts"
import { errorDocument } from "./ErrorDocument.ts"

/** An error for a person: what happened, every part of it on its own line, the next step, the code. */
export const errorLines = (
  error: CommandError,
  { paint }: Pick<Channel, "paint">
): ReadonlyArray<string> => {
  const { auditSequence, code, nextStep } = errorDocument(error)
  const audited = auditSequence === undefined ? "" : `, audit entry ${auditSequence}`
  return [
    `${paint(["bold", "red"], "error:")} ${onOneLine(headline(error))}`,
    ...parts(error).map((part) => `  ${paint("red", "✗")} ${onOneLine(part)}`),
    `  ${paint("bold", "next:")} ${onOneLine(nextStep)}`,
    paint("dim", `  code: ${code}${audited}`)
  ]
}

const headline = (error: CommandError): string => {
  if (error._tag === "TransitionRejected")
    return `“${error.campaignName}” may not go from ${error.state} to ${error.target}.`
  if (error._tag === "RequestInvalid") return "This cannot be understood; nothing was changed."
  if (error._tag === "PlanRefused") return `${error.page.title}.`
  if (error._tag === "ConfigInvalid") return "The configuration is not usable."
  return error.message
}

const parts = (error: CommandError): ReadonlyArray<string> => {
  if (error._tag === "TransitionRejected")
    return error.violations.map(({ detail, guard }) => `${guard}: ${detail}`)
  if (error._tag === "RequestInvalid" || error._tag === "ConfigInvalid")
    return error.problems.map(
      ({ expected, found, key }) => `${key}: expected ${expected}; found ${found}.`
    )
  return error._tag === "PlanRefused" ? error.refusals : []
}
