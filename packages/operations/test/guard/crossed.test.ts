import { expect, it } from "@effect/vitest"
import type { Event, History } from "./history.ts"
import { relive } from "./relive.ts"

const agents = (count: number): Event => ({ _tag: "Agents", on: 0, count })
/** Longer than two looks, and than each dwell. */
const long: Event = { _tag: "Wait", seconds: 600 }

const told: History = {
  begins: "2026-11-23T12:00:00Z",
  hours: ["always", "always"],
  statuses: ["on", "on"],
  calm: false,
  drainBumps: false,
  hasCalls: false,
  callSeconds: 2,
  drift: "report",
  revertStops: false,
  seed: 1,
  events: []
}

it("does not resume what a human stops while the start is on its way", async () => {
  const crossed: Event = { _tag: "Fault", fault: "crossed" }
  const { entries, world } = await relive({
    ...told,
    events: [agents(0), long, agents(5), crossed, long, long]
  })
  expect(world.breaches).toEqual([])
  expect(world.faults).toEqual([])
  expect(world.writes.map(({ target }) => target)).toEqual(["paused"])
  expect(world.at(0).status).toBe("off")
  // It was tried, and the human's lock stood in its way.
  expect(
    entries
      .filter(({ kind }) => kind === "outcome")
      .map(({ errorCode, outcome }) => [outcome, errorCode])
  ).toEqual([
    ["applied", null],
    ["failed", "LOCK_CONFLICT"]
  ])
})
