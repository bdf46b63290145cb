/**
 * How messages are sent. Milliseconds, unless a name says otherwise.
 *
 * Sources: "described" is the contract that this product implements; "Standard Webhooks" is that
 * specification's advice for senders.
 */

/** The first retry. Source: described. */
export const FIRST_RETRY_MS = 5_000
/** Each ceiling is so many times the one before. Source: described ("exponential"). */
export const RETRY_FACTOR = 2
/** The longest pause between two attempts: an hour, so that a receiver that is back hears of it soon. */
export const LONGEST_RETRY_MS = 3_600_000
/** Attempts after the first one that are made in any case. Source: described. */
export const LEAST_RETRIES = 3
/** The longest Retry-After that is obeyed: a day. One beyond is a mistake or an attempt to be forgotten. */
export const LONGEST_RETRY_AFTER_MS = 86_400_000
/** Everything has failed for so long: five days. Source: Standard Webhooks. */
export const DISABLE_AFTER_MS = 5 * 86_400_000
/** Messages to one subscription that are under way at once, each of another campaign. */
export const AT_ONCE = 16
/** Between two looks at the ledger: five a second, each two reads of an index. */
export const LOOK_EVERY_MS = 200
/** After a storage error, before it is tried again. */
export const AGAIN_AFTER_MS = 1_000
/** Entries of the ledger that are planned in one transaction. */
export const ENTRIES_AT_ONCE = 200
/** Ends of deliveries that are written into the ledger between two looks. */
export const AUDITS_AT_ONCE = 200
/** How long a message that was delivered is kept beside the ledger: seven days. */
export const DELIVERED_KEPT_MS = 7 * 86_400_000
/** How often what is older is forgotten: each hour; and how many rows in one transaction. */
export const FORGET_EVERY_MS = 3_600_000
export const FORGET_AT_ONCE = 500
/** How long an old secret goes on being used where nothing else is asked for: a day. */
export const RETIRE_AFTER_MS = 86_400_000
/** The longest such time: thirty days. */
export const LONGEST_RETIREMENT_MS = 30 * 86_400_000
