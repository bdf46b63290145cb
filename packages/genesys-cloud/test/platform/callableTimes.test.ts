import { judgeWindow } from "@campaignctl/core"
import { assert, describe, it } from "@effect/vitest"
import fc from "fast-check"
import { windowOfCallableTimes } from "../../src/platform/callableTimes.ts"

const slot = (day: unknown, startTime: unknown = "09:00:00", stopTime: unknown = "20:00:00") => ({
  day,
  startTime,
  stopTime
})
const set = (...callableTimes: ReadonlyArray<unknown>) =>
  windowOfCallableTimes({ callableTimes }, "Weekdays")
const berlin = (...timeSlots: ReadonlyArray<unknown>) => ({
  timeZoneId: "Europe/Berlin",
  timeSlots
})

/** Whether a window is open at an instant; undefined where it is unknown. */
const openAt = (window: ReturnType<typeof set>, instant: string): boolean | undefined => {
  if ("_tag" in window) return undefined
  const judged = judgeWindow(window, Date.parse(instant))
  return judged._tag === "WindowJudged" ? judged.open : undefined
}

describe("a callable time set", () => {
  it("counts days from Monday, includes the start and excludes the stop", () => {
    const monday = set(berlin(slot(1)))
    assert.isTrue(openAt(monday, "2026-11-23T08:00:00.000Z"))
    assert.isFalse(openAt(monday, "2026-11-23T07:59:59.999Z"))
    assert.isTrue(openAt(monday, "2026-11-23T18:59:59.999Z"))
    assert.isFalse(openAt(monday, "2026-11-23T19:00:00.000Z"))
    assert.isFalse(openAt(monday, "2026-11-24T12:00:00Z"))
    assert.isTrue(openAt(set(berlin(slot(7))), "2026-11-29T12:00:00Z"))
  })

  it("joins the times of one zone, and asks all of several zones to be open", () => {
    const joined = set(berlin(slot(1, "09:00", "12:00")), berlin(slot(1, "14:00", "18:00")))
    assert.isTrue(openAt(joined, "2026-11-23T09:00:00Z"))
    assert.isFalse(openAt(joined, "2026-11-23T12:00:00Z"))
    assert.isTrue(openAt(joined, "2026-11-23T15:00:00Z"))
    const both = set(berlin(slot(1)), { timeZoneId: "America/New_York", timeSlots: [slot(1)] })
    assert.isFalse(openAt(both, "2026-11-23T09:00:00Z"))
    assert.isTrue(openAt(both, "2026-11-23T15:00:00Z"))
  })

  it("is unknown where any of it cannot be read, rather than narrower or wider than it is", () => {
    const unreadable: ReadonlyArray<unknown> = [
      berlin(slot(1), slot(8)),
      berlin(slot(0)),
      berlin(slot("Monday")),
      berlin(slot(1, "9am")),
      berlin(slot(1, "20:00:00", "09:00:00")),
      berlin(slot(1, "09:00:00", null)),
      { timeZoneId: "Europe/Atlantis", timeSlots: [slot(1)] },
      { timeSlots: [slot(1)] },
      null
    ]
    for (const times of unreadable)
      assert.isUndefined(
        openAt(set(berlin(slot(1)), times), "2026-11-23T12:00:00Z"),
        JSON.stringify(times)
      )
    assert.isUndefined(openAt(set(), "2026-11-23T12:00:00Z"))
  })

  it("is read without a throw, whatever it is", () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.array(fc.jsonValue()), (body, times) => {
        for (const found of [windowOfCallableTimes(body, "Any"), set(...times)])
          if ("_tag" in found) assert.include(found.why, "the callable time set")
          else assert.isAbove(found.zones.length, 0)
      })
    )
  })
})
