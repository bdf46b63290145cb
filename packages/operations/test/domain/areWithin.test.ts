import { expect, it } from "@effect/vitest"
import { isWithin } from "../../src/halt/index.ts"
import { areWithin } from "../../src/domain/areWithin.ts"

it.each([
  [["home"], ["home"], true],
  [["home"], ["away", "home"], true],
  [["home", "away"], ["home"], false],
  [["home"], [], false],
  [[], ["home"], false],
  [[], [], true]
])("what reaches %j is seen by whoever is bound to %j: %s", (divisionIds, bound, seen) => {
  expect(areWithin(divisionIds, bound)).toBe(seen)
  expect(isWithin(bound, { scope: { divisionIds } })).toBe(seen)
})

it("what says nothing of divisions is seen by whoever is bound to none of them in particular", () => {
  expect(isWithin(undefined, { scope: {} })).toBe(true)
  expect(isWithin(["home"], { scope: {} })).toBe(false)
})
