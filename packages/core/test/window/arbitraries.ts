import fc from "fast-check"
import type { CallingWindow, Weekday, WindowSlot, ZoneWindow } from "../../src/index.ts"
import { clockChanges, instantOf } from "./oracle.ts"

const allZones: ReadonlyArray<string> = Intl.supportedValuesOf("timeZone")

const MINUTES_IN_DAY = 1_440
const two = (part: number): string => String(part).padStart(2, "0")
const timeText = (minutes: number): string =>
  `${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`

/** Slots whose bounds are multiples of `stepMinutes`, seconds now and then where the step is one minute. */
const slot = (stepMinutes: number): fc.Arbitrary<WindowSlot> =>
  fc
    .record({
      bounds: fc.uniqueArray(fc.nat(MINUTES_IN_DAY / stepMinutes), { minLength: 2, maxLength: 2 }),
      days: fc.option(
        fc.array(fc.integer({ min: 1, max: 7 }) as fc.Arbitrary<Weekday>, {
          minLength: 1,
          maxLength: 7
        }),
        { nil: undefined }
      ),
      seconds: fc.option(fc.nat(59), { nil: undefined, freq: 4 })
    })
    .map(({ bounds, days, seconds }) => {
      const [from = 0, to = 0] = bounds.toSorted((a, b) => a - b)
      const begin = timeText(from * stepMinutes)
      const times = {
        from: seconds === undefined || stepMinutes > 1 ? begin : `${begin}:${two(seconds)}`,
        to: timeText(to * stepMinutes)
      }
      return days === undefined ? times : { days, ...times }
    })

const date: fc.Arbitrary<string> = fc
  .date({ min: new Date("2016-01-01"), max: new Date("2030-12-31"), noInvalidDate: true })
  .map((at) => at.toISOString().slice(0, 10))

const zoneWindow = (
  stepMinutes: number,
  zones: ReadonlyArray<string>,
  day: fc.Arbitrary<string>
): fc.Arbitrary<ZoneWindow> =>
  fc.record(
    {
      zone: fc.constantFrom(...zones),
      slots: fc.array(slot(stepMinutes), { maxLength: 4 }),
      holidays: fc.array(day, { maxLength: 4 })
    },
    { requiredKeys: ["zone", "slots"] }
  )

/** Usable windows over any zones. */
export const windows = (
  stepMinutes: number,
  options: { readonly zones?: ReadonlyArray<string>; readonly day?: fc.Arbitrary<string> } = {}
): fc.Arbitrary<CallingWindow> => {
  const one = zoneWindow(stepMinutes, options.zones ?? allZones, options.day ?? date)
  return fc.tuple(one, fc.array(one, { maxLength: 2 })).map(([first, others]) => ({
    zones: [first, ...others]
  }))
}

/** How an instant is found for a window; kept as data so that a failure shrinks. */
export interface Recipe {
  readonly near: "clock-change" | "slot-bound" | "holiday" | "anywhere"
  readonly zone: number
  readonly pick: number
  readonly on: string
  readonly byMs: number
  readonly anywhere: number
}

const HOUR_MS = 3_600_000

export const recipes: fc.Arbitrary<Recipe> = fc.record({
  near: fc.constantFrom(
    "clock-change",
    "clock-change",
    "clock-change",
    "slot-bound",
    "slot-bound",
    "holiday",
    "anywhere"
  ),
  zone: fc.nat(),
  pick: fc.nat(),
  on: date,
  byMs: fc.oneof(
    fc.constantFrom(0, -1, 1, 1_000, -1_000, 60_000, -60_000),
    fc.integer({ min: -26 * HOUR_MS, max: 26 * HOUR_MS }),
    fc.integer({ min: -200, max: 200 }).map((quarters) => quarters * (HOUR_MS / 4))
  ),
  anywhere: fc.integer({ min: Date.UTC(1900, 0, 1), max: Date.UTC(2100, 0, 1) })
})

const pickOf = <A>(items: ReadonlyArray<A>, pick: number): A | undefined =>
  items[pick % items.length]

/** The instant that a recipe means for a window; anywhere at all where it means none. */
export const instantFor = (window: CallingWindow, recipe: Recipe): number => {
  const zone = pickOf(window.zones, recipe.zone) ?? window.zones[0]
  const at = {
    "clock-change": () => pickOf(clockChanges(zone.zone), recipe.pick),
    "slot-bound": () => {
      const slot = pickOf(zone.slots, recipe.pick)
      return slot && instantOf(zone.zone, recipe.on, recipe.pick % 2 === 0 ? slot.from : slot.to)
    },
    holiday: () =>
      instantOf(zone.zone, pickOf(zone.holidays ?? [], recipe.pick) ?? recipe.on, "00:00"),
    anywhere: () => undefined
  }[recipe.near]()
  return at === undefined ? recipe.anywhere : at + recipe.byMs
}
