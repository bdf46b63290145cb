import { describe, expect, it } from "vitest"
import { nextPlanAt, planFirings, type PlannedSchedule } from "../../src/schedules/index.ts"
import { campaignId, pause, planned, start, told } from "./planSupport.ts"
import { at } from "./support.ts"

const zone = "Europe/Berlin"
/** Monday to Friday, 09:00 to 20:00 in Berlin: 08:00 to 19:00 UTC in November. */
const opening = (lastHandled: string): PlannedSchedule =>
  planned("opening", { cron: "0 9 * * mon-fri", zone }, start, { lastHandled })
const closing = (lastHandled: string): PlannedSchedule =>
  planned("closing", { cron: "0 20 * * mon-fri", zone }, pause, { lastHandled })
const both = (lastHandled: string): ReadonlyArray<PlannedSchedule> => [
  opening(lastHandled),
  closing(lastHandled)
]

describe("planFirings", () => {
  it("stops at once what a service that was down should have stopped, and says how late it is", () => {
    const result = planFirings(both("2026-11-23T18:00:00Z"), at("2026-11-23T22:05:30Z"))
    expect(told(result)).toEqual({ due: ["closing 2026-11-23T19:00:00Z"], skipped: [] })
    expect(result.due[0]).toMatchObject({
      key: "closing@2026-11-23T19:00:00.000Z",
      lateMs: 11_130_000,
      detail: "“closing” was due 2026-11-23T19:00:00Z, and is carried out 3 h 5 min late."
    })
  })

  it("does not start what should have started hours ago", () => {
    const result = planFirings(both("2026-11-23T07:00:00Z"), at("2026-11-23T11:00:00Z"))
    expect(told(result)).toEqual({ due: [], skipped: ["opening 2026-11-23T08:00:00Z too-late"] })
    expect(result.skipped[0]?.detail).toBe(
      "“opening” was due 2026-11-23T08:00:00Z and was skipped: it is 3 h late, and a start is made up within 5 min only."
    )
  })

  it("stops once, and starts nothing, after a service was down over a whole working day", () => {
    const result = planFirings(both("2026-11-23T07:00:00Z"), at("2026-11-23T19:01:00Z"))
    expect(told(result)).toEqual({
      due: ["closing 2026-11-23T19:00:00Z"],
      skipped: ["opening 2026-11-23T08:00:00Z stop-since"]
    })
    expect(result.skipped[0]?.detail).toBe(
      "“opening” was due 2026-11-23T08:00:00Z and was skipped: a stop was due since (“closing” at 2026-11-23T19:00:00Z)."
    )
  })

  it.each([
    ["2026-11-23T08:00:00.000Z", true],
    ["2026-11-23T08:05:00.000Z", true],
    ["2026-11-23T08:05:00.001Z", false]
  ])("makes a start up within its grace alone: at %s: %s", (now, starts) => {
    expect(planFirings([opening("2026-11-23T07:00:00Z")], at(now)).due).toHaveLength(starts ? 1 : 0)
  })

  it("takes a schedule's own grace", () => {
    const patient = planned("patient", { cron: "0 9 * * *", zone: "UTC" }, start, {
      startGraceMs: 3_600_000,
      lastHandled: "2026-11-23T08:59:00Z"
    })
    expect(planFirings([patient], at("2026-11-23T10:00:00Z")).due).toHaveLength(1)
    expect(planFirings([patient], at("2026-11-23T10:00:01Z")).due).toHaveLength(0)
  })

  it("does not make a stop up whose place a later start has taken, even if that is too late itself", () => {
    const result = planFirings(both("2026-11-23T18:00:00Z"), at("2026-11-24T11:00:00Z"))
    expect(told(result)).toEqual({
      due: [],
      skipped: ["closing 2026-11-23T19:00:00Z superseded", "opening 2026-11-24T08:00:00Z too-late"]
    })
  })

  it("lets a start that was handled already take the place of a stop that was not", () => {
    const result = planFirings(
      [opening("2026-11-24T08:00:00Z"), closing("2026-11-23T18:00:00Z")],
      at("2026-11-24T08:01:00Z")
    )
    expect(told(result)).toEqual({
      due: [],
      skipped: ["closing 2026-11-23T19:00:00Z superseded"]
    })
  })

  it("does not start where a stop that was handled already was due since", () => {
    const at9 = planned("start", { at: ["2026-11-23T09:00:00Z"] }, start, {
      lastHandled: "2026-11-23T08:00:00Z"
    })
    const at9past = planned("stop", { at: ["2026-11-23T09:01:00Z"] }, pause, {
      lastHandled: "2026-11-23T09:01:30Z"
    })
    expect(told(planFirings([at9, at9past], at("2026-11-23T09:02:00Z")))).toEqual({
      due: [],
      skipped: ["start 2026-11-23T09:00:00Z stop-since"]
    })
  })

  it("lets a stop prevail over a start at the same instant", () => {
    const when = { at: ["2026-11-23T09:00:00Z"] } as const
    const result = planFirings(
      [planned("a", when, pause), planned("z", when, start)],
      at("2026-11-23T09:00:00Z")
    )
    expect(told(result)).toEqual({
      due: ["a 2026-11-23T09:00:00Z"],
      skipped: ["z 2026-11-23T09:00:00Z stop-since"]
    })
  })

  it("carries out the newest of several firings, and counts the others", () => {
    const result = planFirings([closing("2026-11-16T00:00:00Z")], at("2026-11-21T00:00:00Z"))
    expect(told(result)).toEqual({
      due: ["closing 2026-11-20T19:00:00Z"],
      skipped: ["closing 2026-11-16T19:00:00Z newer-firing (4)"]
    })
    expect(result.skipped[0]).toMatchObject({ lastAt: at("2026-11-19T19:00:00Z"), more: false })
  })

  it("ends counting at a thousand, and says so, however long it was down", () => {
    const often = planned("often", { cron: "* * * * * *", zone: "UTC" }, pause)
    const result = planFirings([often], at("2026-11-23T00:00:00.500Z"))
    expect(told(result).due).toEqual(["often 2026-11-23T00:00:00Z"])
    expect(result.skipped).toMatchObject([
      { count: 1_000, more: true, lastAt: at("2026-11-22T23:59:59Z") }
    ])
  })

  it("stops those campaigns that a later start does not cover", () => {
    const stop = planned("stop", { at: ["2026-11-23T09:00:00Z"] }, pause)
    const some = planned("some", { at: ["2026-11-23T09:01:00Z"] }, start, {
      selector: { ids: [campaignId(1)] }
    })
    expect(told(planFirings([stop, some], at("2026-11-23T09:02:00Z")))).toEqual({
      due: ["stop 2026-11-23T09:00:00Z", "some 2026-11-23T09:01:00Z"],
      skipped: []
    })
  })

  it("starts campaigns that no later stop can touch", () => {
    const starting = planned("start", { at: ["2026-11-23T09:00:00Z"] }, start, {
      selector: { divisionIds: ["north"] }
    })
    const stop = planned("stop", { at: ["2026-11-23T09:01:00Z"] }, pause, {
      selector: { divisionIds: ["south"] }
    })
    expect(planFirings([starting, stop], at("2026-11-23T09:02:00Z")).due).toHaveLength(2)
  })

  it.each([
    [{ target: "completed" }, pause, false],
    [{ target: "completed" }, start, false],
    [{ target: "completed" }, { target: "active", restart: true }, true],
    [{ target: "completed" }, { target: "archived" }, true],
    [{ target: "archived" }, { target: "completed" }, false],
    [{ target: "archived" }, { target: "active", restart: true }, false],
    [pause, { target: "completed" }, true],
    [pause, start, true]
  ] as const)("a missed %o gives way to a later %o: %s", (earlier, later, gives) => {
    const result = planFirings(
      [
        planned("earlier", { at: ["2026-11-23T09:00:00Z"] }, earlier),
        planned("later", { at: ["2026-11-23T09:01:00Z"] }, later)
      ],
      at("2026-11-23T09:02:00Z")
    )
    expect(told(result).due).toContain("later 2026-11-23T09:01:00Z")
    expect(told(result).skipped).toEqual(gives ? ["earlier 2026-11-23T09:00:00Z superseded"] : [])
  })

  it("fires nothing of a schedule that is not enabled, and lets it take no other's place", () => {
    const stop = planned("stop", { at: ["2026-11-23T09:00:00Z"] }, pause)
    const off = planned("off", { cron: "30 * * * *", zone: "UTC" }, start, {
      enabled: false,
      lastHandled: "2026-11-23T07:00:00Z"
    })
    expect(told(planFirings([stop, off], at("2026-11-23T09:31:00Z")))).toEqual({
      due: ["stop 2026-11-23T09:00:00Z"],
      skipped: ["off 2026-11-23T07:30:00Z disabled (2)", "off 2026-11-23T09:30:00Z disabled"]
    })
  })

  it("knows no firing from before the schedule was made, and none twice", () => {
    const when = { at: ["2026-11-23T09:00:00Z"] } as const
    const now = at("2026-11-23T12:00:00Z")
    const made = { createdAt: "2026-11-23T09:00:00.000Z" }
    expect(told(planFirings([planned("late", when, pause, made)], now))).toEqual({
      due: [],
      skipped: []
    })
    expect(told(planFirings([planned("done", when, pause, { lastHandled: now })], now))).toEqual({
      due: [],
      skipped: []
    })
    const before = planned("before", { at: ["2026-11-23T08:00:00Z"] }, pause)
    const later = planned("later", when, start, made)
    expect(told(planFirings([before, later], now)).due).toEqual(["before 2026-11-23T08:00:00Z"])
    // A clock that went back.
    expect(
      planFirings([planned("ahead", when, pause, { lastHandled: now })], now - 7_200_000).due
    ).toEqual([])
  })
})

describe("nextPlanAt", () => {
  it("is the first firing of any enabled schedule", () => {
    const now = at("2026-11-23T12:00:00Z")
    const off = planned("off", { cron: "* * * * *", zone }, pause, { enabled: false })
    expect(nextPlanAt([off], now)).toBeUndefined()
    expect(nextPlanAt([off, ...both("2026-11-23T12:00:00Z")], now)).toBe(at("2026-11-23T19:00:00Z"))
  })
})
