import fc from "fast-check"
import { describe, expect, inject, it } from "vitest"
import type { Selector } from "../../src/index.ts"
import {
  firingsBetween,
  isStart,
  planFirings,
  type PlannedSchedule
} from "../../src/schedules/index.ts"
import { areApart, covers } from "../../src/schedules/selectors.ts"
import { campaignId, pause, planned, start } from "./planSupport.ts"
import { at } from "./support.ts"

const DAY_MS = 86_400_000
const NOW = at("2026-11-23T12:00:00Z")

const campaigns = [
  { id: campaignId(1), divisionId: "north", queueId: "a", name: "sales one", state: "active" },
  { id: campaignId(2), divisionId: "north", queueId: "b", name: "sales two", state: "paused" },
  { id: campaignId(3), divisionId: "south", queueId: "a", name: "care", state: "active" }
] as const
type SomeCampaign = (typeof campaigns)[number]

const states = ["active", "paused"] as const

const selectors: fc.Arbitrary<Selector> = fc.oneof(
  fc.constant({ all: true } as const),
  fc.record(
    {
      ids: fc.subarray(campaigns.map(({ id }) => id)),
      divisionIds: fc.subarray(["north", "south"]),
      queueIds: fc.subarray(["a", "b"]),
      states: fc.subarray([...states]),
      namePattern: fc.constantFrom("sales *", "SALES *", "*")
    },
    { requiredKeys: [] }
  )
)

const selects = (selector: Selector, campaign: SomeCampaign): boolean =>
  (selector.ids?.includes(campaign.id) ?? true) &&
  (selector.divisionIds?.includes(campaign.divisionId) ?? true) &&
  (selector.queueIds?.includes(campaign.queueId) ?? true) &&
  (selector.states?.includes(campaign.state) ?? true) &&
  (selector.namePattern === undefined ||
    selector.namePattern === "*" ||
    campaign.name.startsWith("sales"))

describe("selectors", () => {
  it("cover and are apart only where no campaign says otherwise", () => {
    let covering = 0
    let apart = 0
    fc.assert(
      fc.property(selectors, selectors, (a, b) => {
        if (covers(a, b)) covering++
        if (areApart(a, b)) apart++
        for (const campaign of campaigns) {
          const [byA, byB] = [selects(a, campaign), selects(b, campaign)]
          expect(covers(a, b) && byB && !byA).toBe(false)
          expect(areApart(a, b) && byA && byB).toBe(false)
        }
        expect(covers(a, a)).toBe(true)
        expect(areApart(a, b)).toBe(areApart(b, a))
      }),
      { numRuns: 2_000 * inject("scale") }
    )
    expect(covering).toBeGreaterThan(50)
    expect(apart).toBeGreaterThan(50)
  })
})

const crons = ["0 9 * * *", "0 20 * * *", "58 11 * * *", "0 12 * * *", "*/20 * * * *", "30 6 * * 1"]
const changes = [
  start,
  { target: "active", restart: true },
  pause,
  { target: "completed" },
  { target: "archived" }
] as const

const schedules: fc.Arbitrary<ReadonlyArray<PlannedSchedule>> = fc
  .array(
    fc.record({
      cron: fc.constantFrom(...crons),
      change: fc.constantFrom(...changes),
      selector: selectors,
      enabled: fc.integer({ min: 0, max: 5 }).map((die) => die > 0),
      startGraceMs: fc.constantFrom(0, 300_000, DAY_MS),
      hours: fc.integer({ min: -1, max: 60 })
    }),
    { minLength: 1, maxLength: 5 }
  )
  .map((all) =>
    all.map(({ change, cron, hours, ...options }, index) =>
      planned(`s${index}`, { cron, zone: "Europe/Berlin" }, change, {
        ...options,
        lastHandled: NOW - hours * 3_600_000
      })
    )
  )

const missedOf = ({ lastHandled = 0, timetable }: PlannedSchedule): ReadonlyArray<number> =>
  firingsBetween(timetable, lastHandled, NOW, Infinity).firings

describe("planFirings", () => {
  it("accounts for every missed firing once, leaves no missed stop undone and starts nothing stopped", () => {
    let stops = 0
    let starts = 0
    fc.assert(
      fc.property(schedules, (all) => {
        const { due, skipped } = planFirings(all, NOW)

        for (const one of all) {
          const mine = due.filter(({ schedule }) => schedule.id === one.schedule.id)
          const told = skipped
            .filter(({ schedule }) => schedule.id === one.schedule.id)
            .reduce((sum, { count }) => sum + count, 0)
          const missed = missedOf(one)
          expect(mine.length + told).toBe(missed.length)
          expect(mine.map(({ at }) => at)).toEqual(mine.length === 0 ? [] : missed.slice(-1))
        }
        expect(due.map(({ at }) => at)).toEqual(due.map(({ at }) => at).toSorted((a, b) => a - b))

        const enabled = all.filter(({ schedule }) => schedule.enabled)
        for (const { at, schedule } of due.filter(({ schedule }) => isStart(schedule.change))) {
          starts++
          expect(NOW - at).toBeLessThanOrEqual(schedule.startGraceMs ?? 0)
          const stopsSince = enabled.filter(
            (stop) =>
              !isStart(stop.schedule.change) &&
              campaigns.some(
                (one) => selects(schedule.selector, one) && selects(stop.schedule.selector, one)
              ) &&
              firingsBetween(stop.timetable, at - 1, NOW).firings.length > 0
          )
          expect(stopsSince).toEqual([])
        }

        // The newest firing over a campaign, where it is a stop that was missed, is carried out.
        for (const campaign of campaigns) {
          const firings = enabled
            .filter(({ schedule }) => selects(schedule.selector, campaign))
            .flatMap((one) =>
              firingsBetween(one.timetable, NOW - 3 * DAY_MS, NOW, Infinity).firings.map((at) => ({
                one,
                at
              }))
            )
          const last = Math.max(...firings.map(({ at }) => at))
          const newest = firings.filter(({ at }) => at === last)
          if (!newest.some(({ one }) => !isStart(one.schedule.change))) continue
          const missed = newest.filter(
            ({ one }) => !isStart(one.schedule.change) && missedOf(one).includes(last)
          )
          if (missed.length === 0 || missed.length < newest.length) continue
          stops++
          expect(
            due.some(
              ({ at, schedule }) =>
                at === last && !isStart(schedule.change) && selects(schedule.selector, campaign)
            )
          ).toBe(true)
        }

        const after = all.map((one) => ({ ...one, lastHandled: NOW }))
        expect(planFirings(after, NOW)).toEqual({ due: [], skipped: [] })
      }),
      { numRuns: 500 * inject("scale") }
    )
    // Neither may be so rare that the property means nothing.
    expect(stops).toBeGreaterThan(30)
    expect(starts).toBeGreaterThan(10)
  })
})
