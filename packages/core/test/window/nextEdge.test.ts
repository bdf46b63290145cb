import fc from "fast-check"
import { describe, expect, it } from "vitest"
import {
  type CallingWindow,
  defaultCallingWindow,
  EDGE_HORIZON_DAYS,
  judgeWindow,
  nextClosing,
  nextOpening
} from "../../src/index.ts"
import { instantFor, recipes, windows } from "./arbitraries.ts"
import { oracleOpen } from "./oracle.ts"

const DAY_MS = 86_400_000
/** Clocks since 1990 stand on quarters of an hour, and so do these slots: nothing changes in between. */
const STEP_MINUTES = 15
const STEP_MS = STEP_MINUTES * 60_000
/** Quarters of an hour walked from an instant: ten days, so that weekends are within. */
const WALKED_STEPS = 10 * 96

const isOpen = (window: CallingWindow, at: number): boolean => {
  const fact = judgeWindow(window, at)
  return fact._tag === "WindowJudged" && fact.open
}

/** The next edge by walking, with luxon's eyes. */
const walked = (window: CallingWindow, at: number, opens: boolean): number | undefined => {
  let before = oracleOpen(window, at)
  const first = (Math.floor(at / STEP_MS) + 1) * STEP_MS
  for (let step = 0; step < WALKED_STEPS; step++) {
    const next = first + step * STEP_MS
    const now = oracleOpen(window, next)
    if (now !== before && now === opens) return next
    before = now
  }
  return undefined
}

const instants = recipes.filter(({ near }) => near !== "anywhere")
const thisCentury = (at: number): boolean => at > Date.UTC(2016, 0, 1) && at < Date.UTC(2031, 0, 1)

describe.each([
  ["nextOpening", nextOpening, true],
  ["nextClosing", nextClosing, false]
] as const)("%s", (_name, next, opens) => {
  it("is an edge: so just at it, not so a millisecond before, and after the instant", () => {
    let edges = 0
    fc.assert(
      fc.property(windows(1), recipes, (window, recipe) => {
        const at = instantFor(window, recipe)
        const edge = next(window, at)
        if (edge === undefined) return
        edges++
        expect(edge).toBeGreaterThan(at)
        expect(edge).toBeLessThanOrEqual(at + EDGE_HORIZON_DAYS * DAY_MS)
        expect([isOpen(window, edge - 1), isOpen(window, edge)]).toEqual([!opens, opens])
        expect([oracleOpen(window, edge - 1), oracleOpen(window, edge)]).toEqual([!opens, opens])
      }),
      { numRuns: 2_000 }
    )
    expect(edges).toBeGreaterThan(400)
  })

  it("is the first one, by walking there with luxon", () => {
    let edges = 0
    fc.assert(
      fc.property(windows(STEP_MINUTES), instants, (window, recipe) => {
        const at = instantFor(window, recipe)
        if (!thisCentury(at)) return
        const byWalking = walked(window, at, opens)
        const edge = next(window, at)
        if (byWalking !== undefined) edges++
        const within = edge !== undefined && edge <= at + WALKED_STEPS * STEP_MS ? edge : undefined
        expect(within, new Date(at).toISOString()).toBe(byWalking)
      }),
      { numRuns: 300 }
    )
    expect(edges).toBeGreaterThan(30)
  })

  it("is nowhere for hours that never change, that exclude one another, or that no zone keeps", () => {
    const at = Date.parse("2026-11-23T10:00Z")
    const hours = (...slots: ReadonlyArray<readonly [string, string, string]>): CallingWindow => {
      const [first, ...others] = slots.map(([zone, from, to]) => ({ zone, slots: [{ from, to }] }))
      return { zones: [first ?? { zone: "UTC", slots: [] }, ...others] }
    }
    expect(next(hours(), at)).toBeUndefined()
    expect(next(hours(["UTC", "00:00", "24:00"]), at)).toBeUndefined()
    expect(next(hours(["UTC", "06:00", "08:00"], ["UTC", "08:00", "09:00"]), at)).toBeUndefined()
    expect(next(hours(["Mars/Olympus", "06:00", "08:00"]), at)).toBeUndefined()
    expect(next(defaultCallingWindow, Number.NaN)).toBeUndefined()
  })
})

describe("opensAt", () => {
  it("is the next opening of a closed window, and absent from an open one", () => {
    fc.assert(
      fc.property(windows(1), recipes, (window, recipe) => {
        const at = instantFor(window, recipe)
        const fact = judgeWindow(window, at)
        if (fact._tag === "Unknown") throw new Error(fact.why)
        expect(fact.opensAt).toBe(fact.open ? undefined : nextOpening(window, at))
      }),
      { numRuns: 1_000 }
    )
  })
})
