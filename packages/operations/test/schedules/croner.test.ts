import { Cron } from "croner"
import fc from "fast-check"
import { describe, expect, inject, it } from "vitest"
import { firingsBetween, nextFiring, timetableOf } from "../../src/schedules/index.ts"
import { anyLine, clockChanges, type GeneratedLine, zoneAndInstant } from "./arbitraries.ts"
import { startingAt, texts, zones } from "./support.ts"

/** Firings compared for each line. */
const FIRINGS = 6
const LINES = 1_000 * inject("scale")
const HOURS_IN_DAY = 24

/**
 * The same line for croner, in which two things are told otherwise:
 *
 * - a line names its hours, and then fires once at the end of a gap and once in an overlap, unless
 *   it has a wildcard or a step in any of its times. Here it does unless it holds in every hour, so
 *   that its times are written out for croner, with a wildcard for the hours of such a line alone;
 * - a step over all days or weekdays counts as a restriction, of which either suffices. Here both
 *   must match, as in Vixie cron, so that its dates are written out too, and `domAndDow` says so.
 */
const cronerOf = (line: GeneratedLine, zone: string): Cron => {
  const everyHour = line.hours.length === HOURS_IN_DAY
  return new Cron(
    [
      line.seconds.join(","),
      line.minutes.join(","),
      everyHour ? "*" : line.hours.join(","),
      line.days.join(","),
      line.months.join(","),
      line.weekdays.join(",")
    ].join(" "),
    { timezone: zone, paused: true, fixedTimeRule: "no-wildcard", domAndDow: line.bothDays }
  )
}

/**
 * Whether an instant ends a gap that began on the date before. croner fires after a gap "on the same
 * day" alone: it drops what was skipped before midnight, which here fires at the end of the gap.
 */
const endsGapOverMidnight = (zone: string, at: number): boolean => {
  const format = new Intl.DateTimeFormat("en-US", { timeZone: zone, timeZoneName: "longOffset" })
  const [[before, offsetBefore], [then, offsetThen]] = [at - 1, at].map((instant) =>
    format.format(instant).split(", ")
  ) as [[string, string], [string, string]] // Two instants, each as "date, offset".
  return offsetBefore !== offsetThen && before !== then
}

const comparable = (
  zone: string,
  firings: ReadonlyArray<number>,
  croner: ReadonlyArray<number>
): ReadonlyArray<number> => {
  const known = new Set(croner)
  return firings.filter((at) => known.has(at) || !endsGapOverMidnight(zone, at))
}

describe("nextFiring", () => {
  it("agrees with croner over lines, zones and instants", () => {
    let compared = 0
    let atChanges = 0
    let silent = 0
    fc.assert(
      fc.property(anyLine, zoneAndInstant, (line, { after, zone }) => {
        const croner = cronerOf(line, zone)
        const timed = { when: { cron: line.cron, zone }, change: { target: "active" } } as const
        const expected = croner.nextRuns(FIRINGS, new Date(after)).map((run) => run.getTime())
        const last = expected.at(-1)
        if (last === undefined) {
          silent++
          // Where croner finds no date, the line is refused before anything is asked of it.
          return timetableOf(timed)._tag === "Failure"
        }
        const { firings } = firingsBetween(startingAt(timed.when), after, last)
        const known = comparable(zone, firings, expected)
        expect(texts(known)).toEqual(texts(expected))
        compared += known.length
        if (clockChanges(zone).some((change) => change > after && change <= last)) atChanges++
        return true
      }),
      { numRuns: LINES }
    )
    expect(compared).toBeGreaterThan(LINES * 2)
    // Agreement where nothing happens would mean little.
    expect(atChanges).toBeGreaterThan(LINES / 5)
    expect(silent).toBeLessThan(LINES / 10)
  })

  it("agrees with croner at every change of the clocks of every zone from 2005 to 2036", () => {
    const lines = ["30 2 * * *", "0 0 * * *", "15,45 1,2,3 * * *", "*/20 * * * *", "5 * * * *"]
    let changes = 0
    const differences: Array<unknown> = []
    for (const zone of zones)
      for (const cron of lines) {
        const table = startingAt({ cron, zone })
        const croner = new Cron(cron, {
          timezone: zone,
          paused: true,
          fixedTimeRule: "no-wildcard"
        })
        for (const change of clockChanges(zone)) {
          changes++
          const after = change - 4 * 3_600_000
          const expected = croner.nextRuns(FIRINGS, new Date(after)).map((run) => run.getTime())
          const { firings } = firingsBetween(table, after, expected.at(-1) ?? after)
          const known = comparable(zone, firings, expected)
          // An assertion for each case would take as long as all the rest.
          if (String(known) !== String(expected))
            differences.push({ zone, cron, ours: texts(known), croner: texts(expected) })
        }
      }
    expect(differences).toEqual([])
    expect(changes).toBeGreaterThan(1_000)
  })

  it("counts from after the instant it is asked about, which may be a firing itself", () => {
    const table = startingAt({ cron: "0 9 * * *", zone: "UTC" })
    const nine = Date.UTC(2026, 10, 23, 9)
    expect(nextFiring(table, nine - 1)).toBe(nine)
    expect(nextFiring(table, nine)).toBe(nine + 86_400_000)
  })
})
