import fc from "fast-check"
import { describe, expect, inject, it } from "vitest"
import { decide } from "../../src/index.ts"
import { decideOnce } from "../../src/decision/decideOnce.ts"
import { inputs, policies } from "./arbitraries.ts"

const numRuns = 2_000 * inject("scale")

describe("decideOnce", () => {
  it("decides as deciding anew would, whatever was asked before", () => {
    fc.assert(
      fc.property(policies, fc.array(inputs, { minLength: 1, maxLength: 20 }), (policy, asked) => {
        for (const input of asked) expect(decideOnce(policy, input)).toEqual(decide(policy, input))
      }),
      { numRuns }
    )
  })

  it("shares only what nobody can change, and nothing that rests on a fact", () => {
    fc.assert(
      fc.property(policies, inputs, (policy, input) => {
        const [first, second] = [decideOnce(policy, input), decideOnce(policy, input)]
        const shared = first === second
        expect(shared).toBe(input.request.target !== "active" || input.state === "active")
        expect([first, first.verdicts, ...first.verdicts].every(Object.isFrozen)).toBe(shared)
      }),
      { numRuns }
    )
  })
})
