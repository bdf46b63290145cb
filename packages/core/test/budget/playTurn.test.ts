import { assert, describe, it } from "@effect/vitest"
import {
  defaultBudgetPolicy,
  type Held,
  initialLaw,
  type Law,
  type Line,
  playTurn
} from "../../src/index.ts"

const NOW = 1_000_000
const WINDOW_MS = defaultBudgetPolicy.windowMs
/** Fifteen of the 300 are kept for halts. */
const [ALLOWED, SHARED] = [300, 285]
const law: Law = { ...initialLaw, allowed: ALLOWED }

/** So many permits, which count for another second. */
const held = (active: number): Held => ({ active, unfinished: 0, freedAt: () => NOW + 1_000 })
const turn = (before: Law, lines: ReadonlyArray<Line>, active = 0) =>
  playTurn(defaultBudgetPolicy, before, held(active), lines, NOW)

describe("the pace of the background", () => {
  it("is not held up by a slower one of before", () => {
    const { waits } = turn({ ...law, pacedTo: NOW + WINDOW_MS }, [])
    assert.deepStrictEqual(waits.fleet, { ms: Math.ceil(WINDOW_MS / SHARED), reason: "pace" })
  })

  it("leaves out what others use of the client", () => {
    const others = 200
    const server = { used: others, since: 0, resetsAt: NOW + WINDOW_MS }
    const { waits } = turn({ ...law, server, pacedTo: NOW + WINDOW_MS }, [])
    assert.deepStrictEqual(waits.fleet, {
      ms: Math.ceil(WINDOW_MS / (SHARED - others)),
      reason: "pace"
    })
  })
})

describe("the one permit that is free", () => {
  const line = (waitedMs: number, own: boolean): Line => ({
    class: "operator",
    waiting: 1,
    waitedMs,
    own
  })
  for (const [mine, theirs, granted] of [
    [2_000, 1_000, 1],
    [1_000, 2_000, 0]
  ] as const)
    it(`is ${granted === 1 ? "given" : "set aside"} where the other process has waited ${theirs} ms and this one ${mine}`, () => {
      const played = turn(law, [line(theirs, false), line(mine, true)], SHARED - 1)
      assert.deepStrictEqual(played.granted, [0, granted])
    })

  for (const halts of ["here", "elsewhere"])
    it(`is a halt's that has just come ${halts}, whoever has waited for however long`, () => {
      const halt: Line = { ...line(0, halts === "here"), class: "halt" }
      const played = turn(law, [line(60_000, true), halt], SHARED - 1)
      assert.deepStrictEqual(played.granted, [0, halts === "here" ? 1 : 0])
    })
})
