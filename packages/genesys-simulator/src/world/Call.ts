import type { Queue } from "./Queue.ts"

/** One outstanding call: it rings, perhaps it is answered, it ends. Times in milliseconds of the world. */
export interface Call {
  readonly answeredAt: number | undefined
  readonly endsAt: number
  answered: boolean
  /** The queue whose agent is on it; the campaign may have changed queues since. */
  agentOf: Queue | undefined
}
