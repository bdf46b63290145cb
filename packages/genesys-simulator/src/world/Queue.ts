import type { Random } from "../Random.ts"

/** How long a visiting agent stays or is away, in milliseconds: minutes in real life, shortened to be watched. */
const VISIT_MILLISECONDS = { minimum: 8_000, maximum: 25_000 }

export interface QueueSeed {
  readonly id: string
  readonly name: string
  readonly divisionId: string
  /** Agents who stay on the queue. */
  readonly residents: number
  /** Agents who come and go. */
  readonly visitors: number
  /** Members who are off the queue all day. */
  readonly offQueue: number
  /** Agents on the queue whose phone rang unanswered. */
  readonly notResponding: number
}

interface Visitor {
  present: boolean
  changesAt: number
}

/** A routing queue and the agents on it, as counts: who is idle, on a call, or away. */
export interface Queue {
  readonly id: string
  readonly name: string
  readonly divisionId: string
  readonly random: Random
  readonly visitors: Array<Visitor>
  residents: number
  offQueue: number
  notResponding: number
  /** Agents talking to a called party. */
  interacting: number
  /** Held: nobody comes or goes, and calls leave the number of idle agents as it was set. */
  held: boolean
}

export const makeQueue = (seed: QueueSeed, random: Random, now: number): Queue => ({
  id: seed.id,
  name: seed.name,
  divisionId: seed.divisionId,
  random,
  residents: seed.residents,
  offQueue: seed.offQueue,
  notResponding: seed.notResponding,
  visitors: Array.from({ length: seed.visitors }, () => ({
    present: random.next() < 0.5,
    changesAt: now + random.between(VISIT_MILLISECONDS.minimum, VISIT_MILLISECONDS.maximum)
  })),
  interacting: 0,
  held: false
})

const presentVisitors = (queue: Queue): number =>
  queue.visitors.filter((visitor) => visitor.present).length

export const idleAgents = (queue: Queue): number =>
  queue.held
    ? queue.residents
    : Math.max(0, queue.residents + presentVisitors(queue) - queue.interacting)

/** Agents whose routing status is anything but OFF_QUEUE. */
export const onQueueAgents = (queue: Queue): number =>
  idleAgents(queue) + queue.interacting + queue.notResponding

export const members = (queue: Queue): number =>
  onQueueAgents(queue) + queue.offQueue + (queue.visitors.length - presentVisitors(queue))

/** Lets visitors come and go; one leaves only when nobody's call would be cut. */
export const stepQueue = (queue: Queue, now: number): void => {
  if (queue.held) return
  for (const visitor of queue.visitors) {
    if (now < visitor.changesAt) continue
    if (!visitor.present || idleAgents(queue) > 0) visitor.present = !visitor.present
    visitor.changesAt =
      now + queue.random.between(VISIT_MILLISECONDS.minimum, VISIT_MILLISECONDS.maximum)
  }
}

/** Sets the number of idle agents exactly. `held` keeps it there until it is set again. */
export const setIdleAgents = (queue: Queue, idle: number, held: boolean): void => {
  for (const visitor of queue.visitors) visitor.present = false
  queue.held = held
  queue.residents = held ? idle : idle + queue.interacting
}
