import { HttpProblem } from "../problems/HttpProblem.ts"
import { retryAfterHeader } from "../problems/problemAnswer.ts"

/** Milliseconds after which a request that is still running is worth asking about again. */
const ASK_AGAIN_MS = 1_000

/** Somebody is at the request with this key: this process, another one, or whoever makes the change for one that ended. */
export const inProgress = (): HttpProblem =>
  new HttpProblem({
    code: "IDEMPOTENCY_IN_PROGRESS",
    parts: { retryAfterMs: ASK_AGAIN_MS },
    headers: retryAfterHeader(ASK_AGAIN_MS)
  })
