import type { FilePlan, PolicyText } from "@campaignctl/operations"
import { onOneLine } from "../render/onOneLine.ts"
import type { TerminalShape } from "../terminal/Terminal.ts"

const policyText = (policy: PolicyText | null): string =>
  policy === null
    ? "none of its own"
    : [
        ...(policy.window === null ? [] : [policy.window]),
        ...(policy.minimumAgents === null ? [] : [`${policy.minimumAgents} agents`])
      ].join(", ")

const SIGNS = { add: "+", replace: "~", remove: "-" } as const

/** A plan for a person: a line for each difference, marked as `diff` does. */
export const planLines = (
  plan: FilePlan,
  { out }: Pick<TerminalShape, "out">
): ReadonlyArray<string> => [
  ...plan.states.map(({ from, name, outcome, to, verdicts }) => {
    const why = verdicts
      .filter(({ status }) => status === "failed" || status === "unknown")
      .map(({ detail }) => detail)
      .join(" ")
    return outcome === "allowed"
      ? `${out.paint("yellow", "~")} ${onOneLine(name)}: ${from} → ${to}`
      : `${out.paint("red", "✗")} ${onOneLine(name)}: ${from} → ${to} would be refused now. ${onOneLine(why)}`
  }),
  ...plan.policies.map(
    ({ after, before, name }) =>
      `${out.paint("yellow", "~")} ${onOneLine(name)}: window and agents ${policyText(before)} → ${policyText(after)}`
  ),
  ...plan.schedules.map(
    ({ change, name }) =>
      `${out.paint(change === "remove" ? "red" : "green", SIGNS[change])} schedule “${onOneLine(name)}”`
  ),
  ...plan.refusals.map((sentence) => `${out.paint("red", "✗")} ${onOneLine(sentence)}`),
  ...plan.warnings.map((sentence) => `${out.paint("dim", "!")} ${onOneLine(sentence)}`)
]
