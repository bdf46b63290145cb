import type { Subscription } from "@campaignctl/webhooks"
import { onOneLine } from "../render/onOneLine.ts"
import type { Style } from "../terminal/Terminal.ts"

/** Which events a subscription is told of. */
export const eventsText = ({ eventTypes }: Pick<Subscription, "eventTypes">): string =>
  eventTypes.length === 0 ? "all" : eventTypes.join(", ")

const some = (word: string, ids: ReadonlyArray<string> | null | undefined): ReadonlyArray<string> =>
  ids === null || ids === undefined || ids.length === 0
    ? []
    : [`${word}${ids.length === 1 ? "" : "s"} ${ids.join(", ")}`]

/** Which campaigns a subscription is about. */
export const aboutText = ({
  divisionIds,
  filter
}: Pick<Subscription, "divisionIds" | "filter">): string => {
  const parts = [
    ...some("division", filter.divisionIds),
    ...some("campaign", filter.campaignIds),
    ...some("bound to division", divisionIds)
  ]
  return parts.length === 0 ? "every campaign" : parts.join("; ")
}

/** Whether anything is sent to it, in a word. */
export const statusOf = ({
  disabled,
  failingSince
}: Pick<Subscription, "disabled" | "failingSince">): "enabled" | "failing" | "disabled" => {
  if (disabled !== null) return "disabled"
  return failingSince === null ? "enabled" : "failing"
}

/** The same for a person who wants to know why. */
export const statusText = (subscription: Subscription): string => {
  const { disabled, failingSince } = subscription
  if (disabled !== null) return `disabled since ${disabled.since}: ${onOneLine(disabled.detail)}`
  return failingSince === null ? "enabled" : `enabled, but failing since ${failingSince}`
}

const STYLES = {
  enabled: "green",
  failing: "yellow",
  disabled: "red",
  delivered: "green",
  pending: "yellow",
  dead: "red"
} as const satisfies Readonly<Record<string, Style>>

/** The colour of how a subscription or a delivery stands. */
export const styleOf = (status: keyof typeof STYLES): Style => STYLES[status]
