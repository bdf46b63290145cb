import { Result } from "effect"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import {
  type CallingWindow,
  decodeWindow,
  defaultCallingWindow,
  parseWindow,
  printWindow,
  validateWindow,
  withHolidays
} from "../../src/index.ts"
import { windows } from "./arbitraries.ts"

const problemsOf = (text: string): ReadonlyArray<string> =>
  Result.match(parseWindow(text), {
    onSuccess: () => [],
    onFailure: (problems) => problems.map(({ found, key }) => `${key} ${found}`)
  })

describe("parseWindow", () => {
  it("reads back whatever printWindow writes", () => {
    fc.assert(
      fc.property(windows(1), (window) => {
        expect(parseWindow(printWindow(window))).toEqual(Result.succeed(window))
      }),
      { numRuns: 2_000 }
    )
  })

  it.each<readonly [string, CallingWindow["zones"][number]]>([
    ["09:00-20:00", { zone: "UTC", slots: [{ from: "09:00", to: "20:00" }] }],
    [
      "Mon-Fri 09:00-20:00 Europe/Berlin",
      {
        zone: "Europe/Berlin",
        slots: [{ days: [1, 2, 3, 4, 5], from: "09:00", to: "20:00" }]
      }
    ],
    [
      "Mon-Fri 10:00-13:00,14:00-20:00; Sat 10:00-14:00 Europe/Paris",
      {
        zone: "Europe/Paris",
        slots: [
          { days: [1, 2, 3, 4, 5], from: "10:00", to: "13:00" },
          { days: [1, 2, 3, 4, 5], from: "14:00", to: "20:00" },
          { days: [6], from: "10:00", to: "14:00" }
        ]
      }
    ],
    [
      " saturday , Sun  09:00 – 24:00  +05:30 except 2026-12-25, 2026-12-26 ",
      {
        zone: "+05:30",
        slots: [{ days: [6, 7], from: "09:00", to: "24:00" }],
        holidays: ["2026-12-25", "2026-12-26"]
      }
    ],
    [
      "Fri-Mon 09:00-20:00",
      { zone: "UTC", slots: [{ days: [5, 6, 7, 1], from: "09:00", to: "20:00" }] }
    ],
    ["closed Europe/Berlin", { zone: "Europe/Berlin", slots: [] }]
  ])("reads “%s”", (text, zone) => {
    expect(parseWindow(text)).toEqual(Result.succeed({ zones: [zone] }))
  })

  it("reads several zones", () => {
    const both = parseWindow("09:00-20:00 Europe/Berlin & 08:00-18:00 America/New_York")
    expect(Result.map(both, ({ zones }) => zones.map(({ zone }) => zone))).toEqual(
      Result.succeed(["Europe/Berlin", "America/New_York"])
    )
  })

  it.each<readonly [string, ReadonlyArray<string>]>([
    ["", ["zones[0] “”"]],
    ["Mon-Fri", ["zones[0] “Mon-Fri”"]],
    ["9-20", ["zones[0] “9-20”"]],
    ["20:00-09:00", ["zones[0].slots[0] 20:00-09:00"]],
    ["09:00-09:00", ["zones[0].slots[0] 09:00-09:00"]],
    ["24:00-24:00", ["zones[0].slots[0] 24:00-24:00"]],
    ["Moonday 09:00-20:00", ["zones[0] “Moonday”"]],
    ["Mon-Tue-Wed 09:00-20:00", ["zones[0] “Mon-Tue-Wed”"]],
    ["09:00-20:00 UTC except 2026-02-30", ["zones[0].holidays[0] “2026-02-30”"]],
    [
      "Moonday 25:00-26:00,9-10 Mars/Olympus & 20:00-09:00 UTC except 2027-02-29,tomorrow",
      [
        "zones[0] “Moonday”",
        "zones[0] “9-10”",
        "zones[0].zone “Mars/Olympus”",
        "zones[0].slots[0].from “25:00”",
        "zones[0].slots[0].to “26:00”",
        "zones[1].slots[0] 20:00-09:00",
        "zones[1].holidays[0] “2027-02-29”",
        "zones[1].holidays[1] “tomorrow”"
      ]
    ]
  ])("lists all that is wrong with “%s”", (text, problems) => {
    expect(problemsOf(text)).toEqual(problems)
  })

  it("gives a usable window or a problem for any text", () => {
    const part = fc.constantFrom(
      "Mon",
      "-",
      ",",
      ";",
      " ",
      "&",
      "09:00-20:00",
      "except",
      "UTC",
      "x"
    )
    const texts = fc.oneof(
      fc.string(),
      fc.array(part).map((parts) => parts.join(""))
    )
    fc.assert(
      fc.property(texts, (text) => {
        const parsed = parseWindow(text)
        expect(
          Result.isSuccess(parsed)
            ? validateWindow(parsed.success).length === 0
            : parsed.failure.length > 0
        ).toBe(true)
      }),
      { numRuns: 2_000 }
    )
  })
})

describe("decodeWindow", () => {
  it("takes every window as JSON and gives it back", () => {
    fc.assert(
      fc.property(windows(1), (window) => {
        expect(decodeWindow(JSON.parse(JSON.stringify(window)))).toEqual(Result.succeed(window))
      })
    )
  })

  it("lists all that is wrong, a misspelt key included", () => {
    const decoded = decodeWindow({
      zones: [{ zone: 1, slots: [{ from: "9:00", to: "20:00", days: [8] }], holiday: [] }]
    })
    expect(Result.isFailure(decoded) && decoded.failure.map(({ key }) => key).toSorted()).toEqual([
      "zones[0].holiday",
      "zones[0].slots[0].days[0]",
      "zones[0].slots[0].from",
      "zones[0].zone"
    ])
  })

  it("refuses well-formed hours that contradict themselves", () => {
    const decoded = decodeWindow({
      zones: [{ zone: "Nowhere", slots: [{ days: [], from: "20:00", to: "09:00" }] }]
    })
    expect(Result.isFailure(decoded) && decoded.failure.map(({ key }) => key)).toEqual([
      "zones[0].zone",
      "zones[0].slots[0]",
      "zones[0].slots[0].days"
    ])
  })
})

describe("withHolidays", () => {
  it("closes every zone on the dates, beside those it had", () => {
    const [zone] = defaultCallingWindow.zones
    const window: CallingWindow = { zones: [zone, { ...zone, holidays: ["2026-12-25"] }] }
    expect(withHolidays(window, ["2026-12-25", "2026-12-26"]).zones).toEqual([
      { ...zone, holidays: ["2026-12-25", "2026-12-26"] },
      { ...zone, holidays: ["2026-12-25", "2026-12-26"] }
    ])
    expect(withHolidays(window, [])).toEqual(window)
  })
})
