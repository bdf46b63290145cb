import { expect, it } from "vitest"
import { doneOf, progressText, totalOf } from "../src/operations/progressText.ts"

const counts = {
  pending: 60,
  running: 8,
  draining: 2,
  applied: 20,
  alreadyThere: 5,
  rejected: 3,
  failed: 1,
  unknown: 1,
  skipped: 0
}

it("counts what is done, and what is not as it was asked", () => {
  expect([totalOf(counts), doneOf(counts)]).toEqual([100, 30])
})

it("says how far, how fast, how long yet, and what Genesys grants", () => {
  const start = { atMs: 0, done: 0 }
  const text = progressText({ counts, status: "running" }, start, 6_000, {
    used: 240,
    allowed: 300
  })
  expect(text).toBe(
    "[#######.................] 30/100  5 not done  2 draining  300/min  14 s left  240 of 300 requests a minute"
  )
})

it("promises nothing before there is a pace, and says what else than running it is", () => {
  const start = { atMs: 0, done: 30 }
  const text = progressText({ counts, status: "paused" }, start, 6_000)
  expect(text).not.toMatch(/left|min/)
  expect(text).toMatch(/ {2}paused$/)
  const none = Object.fromEntries(Object.keys(counts).map((key) => [key, 0])) as typeof counts
  expect(progressText({ counts: none, status: "running" }, start, 0)).toContain("being listed")
})
