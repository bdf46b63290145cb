import { expect, it } from "vitest"
import { isBroken, markdownTable, readable, type Row } from "../src/Row.ts"

const row: Row = { what: "requests", figure: "3", n: 1, values: {} }

it("prints a table whose columns are as wide as they need", () => {
  const goal = { ratio: "0.75", goal: "at most 3", met: true }
  expect(
    markdownTable([
      { ...row, ...goal },
      { ...row, what: "x", met: false }
    ])
  ).toBe(
    [
      "| what     | figure | ratio | goal      | met | n |",
      "|----------|--------|-------|-----------|-----|---|",
      "| requests | 3      | 0.75  | at most 3 | yes | 1 |",
      "| x        | 3      |       |           | no  | 1 |"
    ].join("\n")
  )
})

it("fails a run for a count alone", () => {
  expect(isBroken(row)).toBe(false)
  expect(isBroken({ ...row, met: false })).toBe(false)
  expect(isBroken({ ...row, met: true, binding: true })).toBe(false)
  expect(isBroken({ ...row, met: false, binding: true })).toBe(true)
})

it("keeps three digits that mean something", () => {
  expect([0.123_456, 12.345_6, 1_234_567].map(readable)).toEqual(["0.123", "12.3", "1,230,000"])
})
