/** Lock tokens of the platform contract are versions, which are counted up. */
const VERSION = /^\d{1,15}$/

/** Whether a lock token is certainly older than another. Tokens that are no numbers have no order. */
export const isOlder = (lock: string, than: string): boolean =>
  VERSION.test(lock) && VERSION.test(than) && Number(lock) < Number(than)

/** Whether a lock token is the number after another. Tokens of any other form are never so. */
export const isNext = (before: string, after: string): boolean =>
  VERSION.test(before) && VERSION.test(after) && Number(after) === Number(before) + 1
