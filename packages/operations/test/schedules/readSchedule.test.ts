import { Result } from "effect"
import fc from "fast-check"
import { describe, expect, inject, it } from "vitest"
import {
  firingsBetween,
  nextFiring,
  readSchedule,
  type ScheduleDraft
} from "../../src/schedules/index.ts"
import { anyLine, anyZone } from "./arbitraries.ts"
import { at, startingAt, texts } from "./support.ts"

const NOW = at("2026-11-23T12:00:00Z")
const lists = { berlin: ["2026-12-25", "2026-12-26"] }

const draft = {
  name: "Open",
  when: { cron: "0 9 * * mon-fri", zone: "Europe/Berlin" },
  selector: { all: true },
  change: { target: "active" }
} as const satisfies ScheduleDraft

const problemsOf = (value: unknown) => {
  const read = readSchedule(value, lists, NOW)
  return Result.isFailure(read)
    ? read.failure.map(({ expected, found, key }) => `${key}: expected ${expected}, found ${found}`)
    : []
}

const warningsOf = (value: ScheduleDraft) =>
  Result.getOrThrow(readSchedule(value, lists, NOW)).warnings.map(
    ({ detail, key }) => `${key}: ${detail}`
  )

const FIELD = "as *, a number, a range 1-5, a step */2 or 1-5/2, or a list of these with commas"

describe("readSchedule", () => {
  it("gives back what it was given, and its timetable", () => {
    const read = Result.getOrThrow(readSchedule(draft, lists, NOW))
    expect(read.draft).toEqual(draft)
    expect(read.warnings).toEqual([])
    expect(texts([nextFiring(read.timetable, NOW) ?? 0])).toEqual(["2026-11-24T08:00:00Z"])
  })

  it("takes ids in capitals, which are compared in small letters", () => {
    const id = "a31da6c2-622d-4a22-a11f-4fd9ef744c06"
    const capitals = [id.toUpperCase()]
    const selector = { ids: capitals, divisionIds: [...capitals, "North"], queueIds: capitals }
    const { draft: found } = Result.getOrThrow(readSchedule({ ...draft, selector }, lists, NOW))
    expect(found.selector).toEqual({ ids: [id], divisionIds: [id, "North"], queueIds: [id] })
  })

  it("tells every problem at once", () => {
    expect(
      problemsOf({
        ...draft,
        when: {
          cron: "61 9-25 * feb-jan noday",
          zone: "Europe/Bärlin",
          except: ["2026-02-30", "2026-12-24"],
          extra: ["2026-12-24"],
          holidays: ["berlin", "2026-13-01", "bavaria"]
        },
        change: { target: "paused" }
      })
    ).toEqual([
      `when.cron.minute: expected 0 to 59, ${FIELD}, found “61”`,
      `when.cron.hour: expected 0 to 23, ${FIELD}, found “9-25”`,
      `when.cron.month: expected 1 to 12 or jan to dec, ${FIELD}, found “feb-jan”`,
      `when.cron.weekday: expected 0 to 7 (0 and 7 are Sunday) or sun to sat, ${FIELD}, found “noday”`,
      "when.zone: expected an IANA time zone such as Europe/Berlin, found “Europe/Bärlin”",
      "when.except[0]: expected a date of the calendar, YYYY-MM-DD, found “2026-02-30”",
      "when.extra[0]: expected a date that is not excepted, found “2026-12-24”",
      "change.pauseReason: expected AGENT_CAPACITY, COMPLIANCE, CUSTOMER_REQUEST, OTHER for a pause, found nothing"
    ])
  })

  it("knows the holidays of a start by date or by the name of a list", () => {
    const when = { ...draft.when, holidays: ["berlin", "2026-13-01", "bavaria"] }
    expect(problemsOf({ ...draft, when })).toEqual([
      "when.holidays[1]: expected a date of the calendar, YYYY-MM-DD, found “2026-13-01”",
      "when.holidays[2]: expected a date YYYY-MM-DD or the name of a holiday list (berlin), found “bavaria”"
    ])
  })

  it.each([
    ["0 9 * * * * *", 1],
    ["@daily", 1],
    ["0 9 L * *", 1],
    ["0 9 ? * 5#2", 2],
    ["*/0 9 * * *", 1],
    ["0 9 1,,2 * *", 1],
    ["-1 9 * * *", 1],
    ["1.5 9 * * *", 1]
  ])("refuses the line %s", (cron, problems) => {
    expect(problemsOf({ ...draft, when: { ...draft.when, cron } })).toHaveLength(problems)
  })

  it.each([
    ["0 9 31 2 *", true],
    ["0 9 30,31 2 *", true],
    ["0 9 31 4,6,9,11 *", true],
    ["0 9 */31 2 1", false],
    ["0 9 31 2 */2", true],
    ["0 9 31 2 1", false],
    ["0 9 29 2 *", false],
    ["0 9 31 2,3 *", false]
  ])("refuses a line that never fires: %s: %s", (cron, never) => {
    const problems = problemsOf({ ...draft, when: { ...draft.when, cron } })
    expect(problems).toEqual(
      never
        ? [
            `when.cron: expected a line that some date of the calendar matches, found “${cron}”, which never fires`
          ]
        : []
    )
  })

  it("finds a 29 February on a Sunday, which may be forty years away", () => {
    // A step of 7 over the weekdays names Sunday alone, and a star asks for both.
    const table = startingAt({ cron: "0 0 29 2 */7", zone: "UTC" })
    expect(texts([nextFiring(table, at("2088-03-01T00:00:00Z")) ?? 0])).toEqual([
      "2128-02-29T00:00:00Z"
    ])
  })

  it.each([
    ["2026-12-24T18:00:00", 1],
    ["2026-02-30T18:00:00Z", 1],
    ["2026-12-24", 1],
    ["tomorrow", 1],
    ["2026-12-24T18:00Z", 0],
    ["2026-12-24T18:00:00.500+05:45", 0]
  ])("takes for an instant %s: %i problems", (instant, problems) => {
    expect(problemsOf({ ...draft, when: { at: [instant] } })).toHaveLength(problems)
  })

  it.each([{ when: {} }, { when: { cron: "0 9 * * *" } }, { when: { at: [] } }, { when: "daily" }])(
    "refuses times that say nothing: %o",
    (part) => {
      expect(problemsOf({ ...draft, ...part }).length).toBeGreaterThan(0)
    }
  )

  it("tells what is wrong with the times beside what is missing elsewhere", () => {
    const { name: _, ...nameless } = { ...draft, when: { ...draft.when, cron: "0 9 31 2 *" } }
    expect(problemsOf(nameless)).toEqual([
      expect.stringContaining("name: "),
      expect.stringContaining("when.cron: ")
    ])
  })

  it("refuses a key that it does not know", () => {
    expect(problemsOf({ ...draft, when: { ...draft.when, holiday: ["berlin"] } })).toEqual([
      expect.stringContaining("when.holiday")
    ])
  })

  it("warns of what is allowed and probably not meant", () => {
    const { zone } = draft.when
    expect(warningsOf({ ...draft, when: { cron: "* * * * * *", zone } })).toEqual([
      expect.stringContaining("when.cron: The line fires 60 times in a minute")
    ])
    expect(
      warningsOf({
        ...draft,
        when: { cron: "0 9 * * *", zone, holidays: ["berlin"] },
        change: { target: "completed" }
      })
    ).toEqual([expect.stringContaining("when.holidays: A stop fires on holidays too")])
    expect(
      warningsOf({ ...draft, when: { at: ["2026-11-23T12:00:00Z", "2026-11-23T12:00:01Z"] } })
    ).toEqual(["when.at: 1 of 2 instants have passed, and will not fire."])
    expect(
      warningsOf({ ...draft, when: { cron: "0 9 31 2 *", zone, extra: ["2026-11-22"] } })
    ).toEqual(["when: It will not fire again: all its dates have passed or are excepted."])
  })

  it("takes any text without an exception, and what it accepts can be asked", () => {
    const cronText = fc.oneof(
      fc.string({ unit: fc.constantFrom(..."0123456789*/-, LWjanFRI#?".split("")) }),
      fc
        .array(fc.constantFrom("*", "*/5", "0", "1-3", "31", "feb", "7", "5/2", "0-59/59", "x"), {
          minLength: 4,
          maxLength: 7
        })
        .map((fields) => fields.join(" ")),
      anyLine.map(({ cron }) => cron)
    )
    let accepted = 0
    fc.assert(
      fc.property(cronText, fc.oneof(anyZone, fc.string()), fc.jsonValue(), (cron, zone, other) => {
        const read = readSchedule({ ...draft, when: { cron, zone } }, lists, NOW)
        if (Result.isSuccess(read)) accepted++
        const told = Result.isSuccess(read)
          ? (nextFiring(read.success.timetable, NOW) ?? 0) > NOW
          : read.failure.length > 0
        expect(told).toBe(true)
        expect(problemsOf({ ...draft, when: other }).length).toBeGreaterThan(0)
      }),
      { numRuns: 2_000 * inject("scale") }
    )
    expect(accepted).toBeGreaterThan(100)
  })
})

describe("the dates of a timetable", () => {
  const zone = "Europe/Berlin"
  const week = [at("2026-12-21T00:00:00Z"), at("2026-12-27T23:00:00Z")] as const
  const datesOf = (times: Omit<Parameters<typeof startingAt>[0], "zone" | "cron">) =>
    texts(
      firingsBetween(startingAt({ cron: "0 9 * * mon-fri", zone, ...times }, lists), ...week)
        .firings
    ).map((text) => text.slice("2026-12-".length, "2026-12-dd".length))

  it("are those of the line, without the exceptions and holidays, with the extra ones", () => {
    expect(datesOf({})).toEqual(["21", "22", "23", "24", "25"])
    expect(datesOf({ except: ["2026-12-24"] })).toEqual(["21", "22", "23", "25"])
    expect(datesOf({ holidays: ["berlin", "2026-12-24"] })).toEqual(["21", "22", "23"])
    expect(datesOf({ extra: ["2026-12-27"] })).toEqual(["21", "22", "23", "24", "25", "27"])
    // An extra date is named for this schedule, a holiday for all.
    expect(datesOf({ extra: ["2026-12-26"], holidays: ["berlin"] })).toEqual([
      "21",
      "22",
      "23",
      "24",
      "26"
    ])
  })

  it("hold holidays for a start alone: a stop fires, whatever becomes of its lists", () => {
    const read = readSchedule(
      {
        ...draft,
        when: { cron: "0 20 * * *", zone, holidays: ["berlin", "a list that is gone"] },
        change: { target: "completed" }
      },
      lists,
      NOW
    )
    const { timetable } = Result.getOrThrow(read)
    expect(firingsBetween(timetable, ...week).firings).toHaveLength(7)
  })

  it("are those of the written time and of the end of a gap, where the two differ", () => {
    // In Nuuk 23:30 of 28 March 2026 does not exist, and stands for 00:00 of the 29th.
    const times = { cron: "30 23 28 3 *", zone: "America/Nuuk" }
    const year = [at("2026-01-01T00:00:00Z"), at("2026-12-31T00:00:00Z")] as const
    const firingsOf = (except: ReadonlyArray<string>) =>
      texts(firingsBetween(startingAt({ ...times, except }), ...year).firings)
    expect(firingsOf([])).toEqual(["2026-03-29T01:00:00Z"])
    expect(firingsOf(["2026-03-28"])).toEqual([])
    expect(firingsOf(["2026-03-29"])).toEqual([])
  })

  it("can be asked of any instant", () => {
    const table = startingAt({ cron: "0 9 * * *", zone })
    for (const strange of [Number.NaN, Infinity, 9e15])
      expect(nextFiring(table, strange)).toBeUndefined()
    expect(texts([nextFiring(table, -Infinity) ?? 0])).toEqual(["1970-01-01T08:00:00Z"])
    expect(
      firingsBetween(table, at("2026-11-01T00:00:00Z"), at("2026-12-01T00:00:00Z"), 2)
    ).toEqual({ firings: [at("2026-11-01T08:00:00Z"), at("2026-11-02T08:00:00Z")], more: true })
  })
})
