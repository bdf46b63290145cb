import { expect, it } from "@effect/vitest"
import { type Event, type History } from "./history.ts"
import { relive } from "./relive.ts"

/** Longer than two looks, and than the dwell of a resume. */
const long: Event = { _tag: "Wait", seconds: 600 }
/** Longer than the looks until a change made elsewhere is certain. */
const untilCertain: Event = { _tag: "Wait", seconds: 240 }
const stopped: Event = { _tag: "Turn", on: false, campaign: 0, by: "human" }
const agents = (count: number): Event => ({ _tag: "Agents", on: 0, count })

const told: History = {
  begins: "2026-11-23T12:00:00Z",
  hours: ["always", "always"],
  statuses: ["on", "on"],
  calm: true,
  drainBumps: false,
  hasCalls: false,
  callSeconds: 40,
  drift: "revert",
  revertStops: true,
  seed: 1,
  events: [long, stopped, long]
}

/** What the guard did to the campaign that was stopped, and what the ledger says of it. */
const outcome = async (history: Partial<History>) => {
  const { entries, world } = await relive({ ...told, ...history })
  expect(world.breaches).toEqual([])
  const { id } = world.at(0)
  return {
    did: world.writes.filter((write) => write.id === id).map(({ target }) => target),
    told: entries.filter(({ campaignId }) => campaignId === id).map(({ kind }) => kind),
    note: entries.find(({ kind }) => kind === "intent")?.note
  }
}

it("starts again what was stopped elsewhere, once that is certain and recorded", async () => {
  expect(await outcome({})).toEqual({
    did: ["active"],
    told: ["drift", "intent", "outcome"],
    note: expect.stringMatching(/^The guard starts again what was stopped elsewhere: /)
  })
})

it("starts it only once all is right", async () => {
  const short = [long, agents(0), stopped, untilCertain]
  expect(await outcome({ events: short })).toMatchObject({ did: [], told: ["drift"] })
  const right = [...short, agents(5), long]
  expect(await outcome({ events: right })).toMatchObject({ did: ["active"] })
})

const edited: Event = { _tag: "Edit", campaign: 0 }
const asked: Event = { _tag: "Ask", campaign: 0, target: "paused", source: "cli" }

it.each<readonly [string, Partial<History>]>([
  ["stops are not to be taken back", { revertStops: false }],
  ["changes made elsewhere are only reported", { drift: "report" }],
  ["changes made elsewhere are adopted", { drift: "adopt" }],
  ["somebody asked for it here as well", { events: [long, stopped, asked, long] }],
  [
    "somebody touched it after the stop was certain",
    { events: [long, agents(0), stopped, untilCertain, edited, agents(5), long] }
  ]
])("leaves it as it is where %s", async (_why, history) => {
  expect(await outcome(history)).toMatchObject({ did: [] })
})
