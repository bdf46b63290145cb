/** One outstanding call: it rings, perhaps it is answered, it ends. Times in milliseconds of the world. */
export interface Call {
  readonly answeredAt: number | undefined
  readonly endsAt: number
  answered: boolean
  /** Whether an agent of the queue is on it. */
  withAgent: boolean
}
