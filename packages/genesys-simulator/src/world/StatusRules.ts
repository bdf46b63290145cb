import type { CampaignStatus } from "./CampaignStatus.ts"
import type { UnknownFacts } from "./UnknownFacts.ts"

/** What a PUT that asks for a status brings about: the status that results, or a refusal. */
export type StatusAnswer = CampaignStatus | "refused"

type Rule = StatusAnswer | ((facts: UnknownFacts) => StatusAnswer)

/**
 * From (row) to the status that a PUT asks for (column). Asking for the status that is there is always
 * an ordinary edit and stands in no row. Only the platform itself brings about `complete`, `invalid`,
 * `stopping` and `forced_*`, so no column asks for them with success.
 */
const RULES: { readonly [From in CampaignStatus]: { readonly on: Rule; readonly off: Rule } } = {
  on: { on: "on", off: "stopping" },
  stopping: {
    on: (facts) => (facts.stoppingToOn === "allowed" ? "on" : "refused"),
    off: "stopping"
  },
  off: { on: "on", off: "off" },
  complete: { on: "on", off: "refused" },
  invalid: { on: "on", off: (facts) => (facts.invalidToOff === "allowed" ? "off" : "refused") },
  forced_off: { on: (facts) => (facts.forcedOffToOn === "allowed" ? "on" : "refused"), off: "off" },
  forced_stopping: { on: "refused", off: "forced_stopping" }
}

export const answerStatus = (
  from: CampaignStatus,
  asked: CampaignStatus,
  facts: UnknownFacts
): StatusAnswer => {
  if (asked === from) return from
  if (asked !== "on" && asked !== "off") return "refused"
  const rule = RULES[from][asked]
  return typeof rule === "function" ? rule(facts) : rule
}
