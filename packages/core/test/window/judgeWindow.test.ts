import fc from "fast-check"
import { describe, expect, inject, it } from "vitest"
import {
  type CallingWindow,
  defaultCallingWindow,
  judgeWindow,
  type WindowJudged
} from "../../src/index.ts"
import { instantFor, recipes, windows } from "./arbitraries.ts"
import { oracleJudge } from "./oracle.ts"

const judged = (window: CallingWindow, at: number | string): WindowJudged => {
  const fact = judgeWindow(window, typeof at === "string" ? Date.parse(at) : at)
  if (fact._tag === "Unknown") throw new Error(fact.why)
  return fact
}

/** Windows, and instants for each: 100,000 cases together. */
const WINDOWS = 1_000 * inject("scale")
const INSTANTS = 100

describe("judgeWindow", () => {
  it("agrees with luxon over all zones, 100,000 times", () => {
    let cases = 0
    let open = 0
    fc.assert(
      fc.property(
        windows(1),
        fc.array(recipes, { minLength: INSTANTS, maxLength: INSTANTS }),
        (window, all) => {
          for (const recipe of all) {
            const at = instantFor(window, recipe)
            const fact = judged(window, at)
            cases++
            if (fact.open) open++
            const oracle = oracleJudge(window, at)
            const same =
              fact.open === oracle.open &&
              fact.zones.every(({ localTime }, index) => localTime === oracle.localTimes[index])
            // An assertion for each case would take as long as all the rest.
            if (!same) throw new Error(`${new Date(at).toISOString()} ${JSON.stringify(fact)}`)
          }
        }
      ),
      { numRuns: WINDOWS }
    )
    expect(cases).toBe(WINDOWS * INSTANTS)
    // Neither answer may be so rare that agreement means nothing.
    expect(open).toBeGreaterThan(cases / 20)
    expect(open).toBeLessThan(cases / 2)
  })

  it.each([
    ["2026-11-23T08:59:59.999Z", false],
    ["2026-11-23T09:00:00.000Z", true],
    ["2026-11-23T19:59:59.999Z", true],
    ["2026-11-23T20:00:00.000Z", false],
    ["2026-11-23T20:59:00.000Z", false]
  ])("by default at %s is open: %s", (at, open) => {
    expect(judged(defaultCallingWindow, at).open).toBe(open)
  })

  const berlin: CallingWindow = {
    zones: [
      {
        zone: "Europe/Berlin",
        slots: [
          { days: [1, 2, 3, 4, 5, 6], from: "09:00", to: "13:00" },
          { days: [1, 2, 3, 4, 5], from: "13:00", to: "20:00" }
        ],
        holidays: ["2026-12-25"]
      }
    ]
  }
  const night: CallingWindow = {
    zones: [{ zone: "Europe/Berlin", slots: [{ from: "02:15", to: "02:45" }] }]
  }

  it.each([
    ["in a slot that goes on in the next", berlin, "2026-11-23T10:00Z", "open until 20:00"],
    ["before the first slot", berlin, "2026-11-23T07:00Z", "closed, opens 09:00"],
    ["after the last slot", berlin, "2026-11-23T19:00Z", "closed, opens Tuesday 09:00"],
    [
      "on a day without slots",
      berlin,
      "2026-11-22T10:00Z",
      "closed on Sundays, opens Monday 09:00"
    ],
    ["on a holiday", berlin, "2026-12-25T10:00Z", "closed, a holiday, opens Saturday 09:00"],
    [
      "until midnight",
      { zones: [{ zone: "UTC", slots: [{ from: "09:00", to: "24:00" }] }] },
      "2026-11-23T10:00Z",
      "open until 24:00"
    ],
    [
      "all day on some days",
      { zones: [{ zone: "UTC", slots: [{ days: [1, 2], from: "00:00", to: "24:00" }] }] },
      "2026-11-23T10:00Z",
      "open until Tuesday 24:00"
    ],
    [
      "always",
      { zones: [{ zone: "UTC", slots: [{ from: "00:00", to: "24:00" }] }] },
      "2026-11-23T10:00Z",
      "open at all hours"
    ],
    [
      "until a far holiday",
      {
        zones: [{ zone: "UTC", slots: [{ from: "00:00", to: "24:00" }], holidays: ["2027-01-01"] }]
      },
      "2026-11-23T10:00Z",
      "open until 2026-12-31 24:00"
    ],
    [
      "until a holiday that is too far off to be looked for",
      {
        zones: [{ zone: "UTC", slots: [{ from: "00:00", to: "24:00" }], holidays: ["2027-06-01"] }]
      },
      "2026-11-23T10:00Z",
      "open for 60 days at least"
    ],
    [
      "never",
      { zones: [{ zone: "UTC", slots: [] }] },
      "2026-11-23T10:00Z",
      "closed on Mondays, does not open within 60 days"
    ],
    // The clocks go from 02:00 to 03:00 on 29 March 2026: the slot does not occur.
    ["in a gap of the clocks", night, "2026-03-29T00:59Z", "closed, opens Monday 02:15"],
    // They go from 03:00 back to 02:00 on 25 October 2026: the slot occurs twice.
    ["the first of two", night, "2026-10-25T00:30Z", "open until 02:45"],
    ["between two", night, "2026-10-25T00:50Z", "closed, opens 02:15"],
    ["the second of two", night, "2026-10-25T01:30Z", "open until 02:45"]
  ] as const)("tells a person how it stands %s", (_where, window, at, detail) => {
    expect(judged(window, at).zones.map((zone) => zone.detail)).toEqual([detail])
  })

  it("is open only where all zones are, and says when they will be", () => {
    const window: CallingWindow = {
      zones: [
        { zone: "Europe/Berlin", slots: [{ from: "09:00", to: "20:00" }] },
        { zone: "America/New_York", slots: [{ from: "09:00", to: "20:00" }] }
      ]
    }
    const morning = judged(window, "2026-11-23T09:00Z")
    expect(morning.zones.map(({ open }) => open)).toEqual([true, false])
    expect(morning.open).toBe(false)
    expect(morning.opensAt).toBe(Date.parse("2026-11-23T14:00Z"))
    expect(judged(window, "2026-11-23T14:00Z")).toMatchObject({ open: true })
    expect(judged(window, "2026-11-23T14:00Z").opensAt).toBeUndefined()
  })

  it("names every zone that it does not know, and is then never open", () => {
    const slots = [{ from: "00:00", to: "24:00" }]
    const fact = judgeWindow(
      {
        zones: [
          { zone: "Europe/Berlin", slots },
          { zone: "Mars/Olympus", slots },
          { zone: "", slots }
        ]
      },
      0
    )
    expect(fact).toEqual({
      _tag: "Unknown",
      why: "no time zone has the name “Mars/Olympus” or “”."
    })
  })

  it("never throws and never opens on what is no window or no instant", () => {
    const text = fc.oneof(fc.string(), fc.constantFrom("09:00", "24:00", "25:00", "2026-02-30"))
    const wild = fc.record({
      zones: fc.array(
        fc.record({
          zone: fc.oneof(fc.string(), fc.constantFrom("UTC", "__proto__", "Europe/Berlin")),
          slots: fc.array(
            fc.record({ from: text, to: text, days: fc.array(fc.double() as never) })
          ),
          holidays: fc.array(text)
        })
      )
    })
    const instants = fc.oneof(
      fc.double(),
      fc.constantFrom(Number.NaN, Infinity, 8.64e15, -8.64e15, 8.6e15, -8.6e15, 0.5)
    )
    fc.assert(
      fc.property(wild, instants, (window, at) => {
        // Such a window cannot be written in TypeScript; configuration in JavaScript can make one.
        const fact = judgeWindow(window as unknown as CallingWindow, at)
        expect(fact._tag === "Unknown" || fact.zones.length > 0).toBe(true)
      })
    )
    for (const at of [Number.NaN, Infinity, 8.64e15])
      expect(judgeWindow(defaultCallingWindow, at)._tag).toBe("Unknown")
    // An empty list of zones is true of all zones, and must not be open for that.
    expect(judgeWindow({ zones: [] } as unknown as CallingWindow, 0)._tag).toBe("Unknown")
  })
})
