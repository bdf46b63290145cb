import { parseRetryAfter } from "@campaignctl/core"

/**
 * The wait that a reply's `Retry-After` asks for, in milliseconds. A date is counted from the reply's
 * own `Date`: the server wrote both by one clock, and this computer's may go wrong by minutes.
 */
export const retryAfterIn = (
  headers: Readonly<Record<string, string>>,
  nowMs: number
): number | undefined => {
  const sentAt = Date.parse(headers["date"] ?? "")
  return parseRetryAfter(headers["retry-after"], Number.isNaN(sentAt) ? nowMs : sentAt)
}
