import { Schema } from "effect"
import { expect, it } from "vitest"
import { Selector } from "../../src/index.ts"

const accepts = Schema.is(Selector)

it("refuses a selector that says nothing: everything must be asked for in so many words", () => {
  expect(accepts({})).toBe(false)
  expect(accepts({ all: true })).toBe(true)
  expect(accepts({ all: false })).toBe(false)
})

it("takes each part by itself", () => {
  expect(accepts({ namePattern: "Sales *" })).toBe(true)
  expect(accepts({ states: ["active"] })).toBe(true)
  expect(accepts({ states: ["asleep"] })).toBe(false)
  expect(accepts({ ids: ["not-an-id"] })).toBe(false)
})
