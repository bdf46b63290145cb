import { STEP_MILLISECONDS, World } from "../world/World.ts"
import type { WorldOptions } from "../world/World.ts"
import { addCampaign } from "./addCampaign.ts"
import { CAMPAIGN_PLANS } from "./campaignPlans.ts"
import { seedQueues, seedTeamQueue } from "./seedQueues.ts"
import type { CampaignStatus } from "../world/CampaignStatus.ts"
import type { Queue } from "../world/Queue.ts"

/** Campaigns of the default organisation. */
export const DEFAULT_CAMPAIGNS = CAMPAIGN_PLANS.length
/** Milliseconds that the world lives before it is shown, so that calls are running already. */
const WARM_UP = 10_000
/** Campaigns of a larger organisation that share one queue. */
const CAMPAIGNS_PER_TEAM = 25
/** Every so many campaigns of a larger organisation one is on, up to a share of the limit that leaves room to start some. */
const ONE_ON_IN = 20
const GENERATED_ON_LIMIT = 18

const HOURS = { startTime: "08:00:00", stopTime: "20:00:00" }
const WEEKDAYS = [1, 2, 3, 4, 5, 6]

const seedDivisions = (world: World): string => {
  const random = world.random.fork("divisions")
  const ids = ["Home", "Archive", "North"].map((name, index) => {
    const id = random.guid()
    world.divisions.set(id, { id, name, home: index === 0 })
    return id
  })
  return ids[0] ?? ""
}

const seedCallableTimeSets = (world: World): { readonly id: string; readonly name: string } => {
  const id = world.random.fork("callable-time-sets").guid()
  const set = {
    id,
    name: "UK and Ireland contactable hours",
    callableTimes: ["Europe/London", "Europe/Dublin"].map((timeZoneId) => ({
      timeZoneId,
      timeSlots: WEEKDAYS.map((day) => ({ day, ...HOURS }))
    }))
  }
  world.callableTimeSets.set(id, set)
  return { id, name: set.name }
}

const seedLargerOrganisation = (world: World, count: number, divisionId: string): void => {
  let on = 0
  let queue: Queue | undefined
  for (let index = 0; index < count; index += 1) {
    if (index % CAMPAIGNS_PER_TEAM === 0)
      queue = seedTeamQueue(world, index / CAMPAIGNS_PER_TEAM + 1, divisionId)
    const wantsOn = index % ONE_ON_IN === 0 && on < GENERATED_ON_LIMIT
    if (wantsOn) on += 1
    const status: CampaignStatus = wantsOn ? "on" : "off"
    const number = String(index + 1).padStart(4, "0")
    addCampaign(world, {
      name: `Campaign ${number}`,
      status,
      divisionId,
      ...(queue === undefined ? {} : { queue })
    })
  }
}

export interface SeedOptions extends WorldOptions {
  readonly campaigns: number
}

/** The organisation as a simulator starts with it. */
export const seedWorld = (options: SeedOptions): World => {
  const world = new World({ ...options, now: options.now - WARM_UP })
  const home = seedDivisions(world)
  const queues = seedQueues(world, home)
  const callableTimeSet = seedCallableTimeSets(world)
  for (const plan of CAMPAIGN_PLANS.slice(0, options.campaigns)) {
    const { queue: key, callableTimeSet: timed, ...rest } = plan
    const queue = key === undefined ? undefined : queues.get(key)
    addCampaign(world, {
      ...rest,
      divisionId: home,
      ...(queue === undefined ? {} : { queue }),
      ...(timed === true ? { callableTimeSet } : {})
    })
  }
  seedLargerOrganisation(world, Math.max(0, options.campaigns - CAMPAIGN_PLANS.length), home)
  world.advanceTo(options.now - (options.now % STEP_MILLISECONDS))
  world.writes.clear()
  return world
}
