import type { AttemptMade, Consequence } from "../database/Outbox.ts"
import type { Disabled, Subscription } from "../domain/Subscription.ts"
import {
  DISABLE_AFTER_MS,
  FIRST_RETRY_MS,
  LEAST_RETRIES,
  LONGEST_RETRY_AFTER_MS,
  LONGEST_RETRY_MS,
  RETRY_FACTOR
} from "./policy.ts"

/** The receiver says that it is gone for good. */
const GONE = 410
/** Those of which RFC 9110 and RFC 6585 say that a Retry-After tells when to come again. */
const WITH_RETRY_AFTER: ReadonlySet<number> = new Set([429, 503])

const DAY_MS = 86_400_000

/** What is judged. */
export interface Judged {
  readonly made: AttemptMade
  /** What the answer asked for, in milliseconds. */
  readonly retryAfterMs?: number
  /** Attempts before this one, since it was first due or was last asked for again. */
  readonly triesBefore: number
  /** Epoch milliseconds. */
  readonly giveUpAt: number
  readonly failingSince: Subscription["failingSince"]
  /** Uniform in [0, 1). */
  readonly random: number
}

export const isDelivered = (status: number | null): boolean =>
  status !== null && status >= 200 && status < 300

/** What follows from an attempt. */
export const consequenceOf = (judged: Judged): Consequence => {
  const { giveUpAt, made, random, retryAfterMs, triesBefore } = judged
  if (isDelivered(made.status)) return { _tag: "Delivered" }
  if (made.status === GONE)
    return {
      _tag: "Dead",
      disable: disabled(
        "gone",
        "The receiver answered 410: it wants no more messages.",
        made.endedAt
      )
    }
  const disable = failing(judged)
  const asked = WITH_RETRY_AFTER.has(made.status ?? 0) ? retryAfterMs : undefined
  const wait = asked === undefined ? 0 : Math.min(asked, LONGEST_RETRY_AFTER_MS)
  const dueAt = made.endedAt + Math.ceil(Math.max(pauseBefore(triesBefore + 1, random), wait))
  // It is the receiver that asked, whatever becomes of this message.
  const rest = {
    ...(asked === undefined ? {} : { receiverNotBefore: made.endedAt + wait }),
    ...disable
  }
  return dueAt > giveUpAt && triesBefore >= LEAST_RETRIES
    ? { _tag: "Dead", ...rest }
    : { _tag: "Again", dueAt, ...rest }
}

/**
 * The pause before a retry, from 1 on. The first is five seconds; each later one is anything from there
 * to a ceiling that doubles, so that messages that failed together do not come back together.
 */
const pauseBefore = (retry: number, random: number): number => {
  const ceiling = Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * RETRY_FACTOR ** (retry - 1))
  return FIRST_RETRY_MS + random * (ceiling - FIRST_RETRY_MS)
}

const disabled = (reason: Disabled["reason"], detail: string, now: number): Disabled => ({
  reason,
  detail,
  since: new Date(now).toISOString()
})

/** A message that comes after days in which there was none is given its retries first. */
const failing = ({ failingSince, made, triesBefore }: Judged): { readonly disable?: Disabled } =>
  failingSince !== null &&
  triesBefore >= LEAST_RETRIES &&
  made.endedAt - Date.parse(failingSince) >= DISABLE_AFTER_MS
    ? {
        disable: disabled(
          "failing",
          `Every message has failed for ${DISABLE_AFTER_MS / DAY_MS} days, since ${failingSince}.`,
          made.endedAt
        )
      }
    : {}
