import { Result, Schema } from "effect"
import { expect, it } from "vitest"
import { decodeOrProblems } from "../../src/errors/decodeOrProblems.ts"

const read = decodeOrProblems(
  Schema.Struct({ name: Schema.String, state: Schema.Literals(["on", "off"]) })
)
const problemsOf = (value: unknown) => Result.getOrThrow(Result.flip(read(value)))

it("says in a person's words what is missing, and what there is no place for", () => {
  expect(problemsOf({ state: "of", nam: 1 })).toEqual([
    { key: "nam", expected: "no member of this name", found: "1" },
    { key: "name", expected: "a value", found: "nothing" },
    { key: "state", expected: '"on" | "off"', found: '"of"' }
  ])
  expect(problemsOf(null)).toEqual([{ key: "", expected: "an object", found: "null" }])
})

it("repeats no more of what was found than it takes to find it again", () => {
  for (const huge of ["\0".repeat(1_000_000), Array.from({ length: 10_000 }, () => "x")])
    for (const { found } of [...problemsOf(huge), ...problemsOf({ name: "n", state: huge })])
      expect(found.length).toBeLessThan(200)
})
