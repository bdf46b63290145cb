import type { BudgetCount, BudgetHeard } from "@campaignctl/core"
import { retryAfterIn } from "./retryAfterIn.ts"
import type { WireReply } from "./Transport.ts"

const MILLIS_PER_SECOND = 1_000
const TOO_MANY_REQUESTS = 429

/**
 * What a reply says of the budget, by `inin-ratelimit-count`, `-allowed` and `-reset`, which is in
 * seconds, and by the `Retry-After` of a refusal.
 */
export const heardIn = ({
  headers,
  receivedAt,
  status
}: Pick<WireReply, "headers" | "status"> & { readonly receivedAt: number }): BudgetHeard => {
  const count = countIn(headers)
  const refusedForMs = status === TOO_MANY_REQUESTS ? retryAfterIn(headers, receivedAt) : undefined
  return {
    ...(count === undefined ? {} : { count }),
    ...(refusedForMs === undefined ? {} : { refusedForMs }),
    ...(count === undefined && status >= 200 && status <= 299 ? { unlimited: true } : {})
  }
}

const countIn = (headers: WireReply["headers"]): BudgetCount | undefined => {
  const used = whole(headers["inin-ratelimit-count"])
  const allowed = whole(headers["inin-ratelimit-allowed"])
  const resetSeconds = whole(headers["inin-ratelimit-reset"])
  // Nothing granted at all would be a wait without end: taken for a header that means something else.
  return used === undefined || resetSeconds === undefined || allowed === undefined || allowed === 0
    ? undefined
    : { used, allowed, resetsInMs: resetSeconds * MILLIS_PER_SECOND }
}

const whole = (header: string | undefined): number | undefined =>
  header !== undefined && /^\d{1,9}$/.test(header.trim()) ? Number(header) : undefined
