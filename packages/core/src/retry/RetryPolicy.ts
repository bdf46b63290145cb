/** When and how often to try again. All times in milliseconds. */
export interface RetryPolicy {
  readonly baseMs: number
  readonly factor: number
  readonly capMs: number
  /** Tries after the first one. */
  readonly maxRetries: number
  /** From the request to the last moment at which a retry may begin. */
  readonly deadlineMs: number
}

/**
 * 1 s, doubled, capped at 30 s, three retries. Source: the described contract's numbers.
 * The deadline, 180 s, leaves room for three whole minutes' windows of a Genesys rate limit, less the calls themselves.
 */
export const defaultRetryPolicy: RetryPolicy = {
  baseMs: 1_000,
  factor: 2,
  capMs: 30_000,
  maxRetries: 3,
  deadlineMs: 180_000
}

/** What the policy says after a failure. */
export type RetryDecision =
  | { readonly _tag: "Wait"; readonly delayMs: number }
  | { readonly _tag: "GiveUp"; readonly because: "retries" | "deadline" }

/** What the policy is asked. */
export interface RetryQuestion {
  /** Retries already made: 0 after the first failure. */
  readonly retriesMade: number
  /** Milliseconds since the request began. */
  readonly elapsedMs: number
  /** What Genesys asked for, where it did. */
  readonly retryAfterMs?: number
  /** Uniform in [0, 1). */
  readonly random: number
}

/**
 * Full-jitter exponential back-off under a cap, never less than a Retry-After, never past the deadline.
 *
 * A Retry-After that the deadline cannot hold ends the run at once: waiting a part of it would
 * only earn the next refusal.
 */
export const nextRetry = (policy: RetryPolicy, question: RetryQuestion): RetryDecision => {
  if (question.retriesMade >= policy.maxRetries) return { _tag: "GiveUp", because: "retries" }
  const ceiling = Math.min(policy.capMs, policy.baseMs * policy.factor ** question.retriesMade)
  const jittered = question.random * ceiling
  const delayMs = Math.max(jittered, question.retryAfterMs ?? 0)
  // Asked this way round, a time that is no number ends the run too.
  return question.elapsedMs + delayMs <= policy.deadlineMs
    ? { _tag: "Wait", delayMs }
    : { _tag: "GiveUp", because: "deadline" }
}
