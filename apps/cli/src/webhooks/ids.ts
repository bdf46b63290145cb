import { Effect } from "effect"
import { campaignIdOf } from "../arguments/campaignIds.ts"
import { Problems } from "../arguments/Problems.ts"

const SHOWN_BY = {
  subscription: "the id of a subscription, as `campaignctl webhook list` shows it",
  delivery: "the id of a delivery, as `campaignctl webhook deliveries` shows it"
} as const

/** The id that a text is; a problem where it is none. A secret that was pasted here is not repeated. */
export const idOf = (
  key: string,
  what: keyof typeof SHOWN_BY,
  text: string,
  problems: Problems
): string | undefined =>
  // A UUID like those of campaigns.
  campaignIdOf(text) ??
  problems.add(key, SHOWN_BY[what], text.trim() === "" ? "nothing" : "something else")

/** The subscription that a command names. */
export const subscriptionIdOf = Effect.fnUntraced(function* ([text = ""]: ReadonlyArray<string>) {
  const problems = new Problems()
  const id = idOf("subscription", "subscription", text, problems)
  yield* problems.check
  return id ?? ""
})
