import type { World } from "../world/World.ts"
import { makeQueue } from "../world/Queue.ts"
import type { Queue } from "../world/Queue.ts"

interface QueuePlan {
  readonly key: string
  readonly name: string
  readonly residents: number
  readonly visitors: number
  readonly offQueue: number
  readonly notResponding: number
}

const PLANS = [
  {
    key: "renewals",
    name: "Renewals UK",
    residents: 6,
    visitors: 3,
    offQueue: 2,
    notResponding: 0
  },
  {
    key: "collections",
    name: "Collections",
    residents: 5,
    visitors: 2,
    offQueue: 4,
    notResponding: 1
  },
  { key: "winback", name: "Winback", residents: 5, visitors: 1, offQueue: 1, notResponding: 0 },
  { key: "surveys", name: "Surveys", residents: 3, visitors: 0, offQueue: 1, notResponding: 0 },
  { key: "night", name: "Night Shift", residents: 0, visitors: 0, offQueue: 5, notResponding: 0 },
  { key: "field", name: "Field Service", residents: 4, visitors: 2, offQueue: 0, notResponding: 0 }
] as const satisfies ReadonlyArray<QueuePlan>

export type SeedQueueKey = (typeof PLANS)[number]["key"]

/** Agents on each queue of a larger organisation: enough that starting its campaigns is not refused. */
const TEAM_RESIDENTS = 24
const TEAM_OFF_QUEUE = 4

const addQueue = (world: World, plan: QueuePlan, divisionId: string): Queue => {
  const random = world.random.fork(`queue:${plan.key}`)
  const queue = makeQueue({ ...plan, id: random.guid(), divisionId }, random, world.now)
  world.queues.set(queue.id, queue)
  return queue
}

/** The queues of the default organisation, by the key that its campaigns use. */
export const seedQueues = (world: World, divisionId: string): ReadonlyMap<string, Queue> =>
  new Map(PLANS.map((plan) => [plan.key, addQueue(world, plan, divisionId)]))

/** One more queue, for a larger organisation. */
export const seedTeamQueue = (world: World, number: number, divisionId: string): Queue => {
  const name = `Team ${String(number).padStart(3, "0")}`
  return addQueue(
    world,
    {
      key: `team-${number}`,
      name,
      residents: TEAM_RESIDENTS,
      visitors: 0,
      offQueue: TEAM_OFF_QUEUE,
      notResponding: 0
    },
    divisionId
  )
}
