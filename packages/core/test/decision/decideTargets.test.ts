import fc from "fast-check"
import { describe, expect, inject, it } from "vitest"
import { decide, type DecisionInput, notGathered, TargetState } from "../../src/index.ts"
import { decideTargets } from "../../src/decision/decideTargets.ts"
import { inputs, policies } from "./arbitraries.ts"

const numRuns = 2_000 * inject("scale")

describe("decideTargets", () => {
  it("tells of every target what deciding on it alone would, whatever was asked before", () => {
    fc.assert(
      fc.property(policies, fc.array(inputs, { minLength: 1, maxLength: 5 }), (policy, asked) => {
        for (const decidable of asked) {
          const decidedOn = (request: DecisionInput["request"]) =>
            decide(policy, { ...decidable, request, slots: notGathered })
          const expected = TargetState.literals.map((target) => {
            const bare = decidedOn({ target })
            const needs = [
              ...(decidedOn({ target, pauseReason: "OTHER" }).outcome === "rejected"
                ? []
                : ["reason"]),
              ...(decidedOn({ target, restart: true }).outcome === "rejected" ? [] : ["restart"])
            ]
            return bare.outcome === "rejected"
              ? {
                  target,
                  outcome: needs.length > 0 ? "allowed" : "rejected",
                  needs,
                  verdicts: bare.verdicts
                }
              : { target, outcome: bare.outcome, needs: [], verdicts: bare.verdicts }
          })
          expect(decideTargets(policy, decidable)).toEqual(expected)
        }
      }),
      { numRuns }
    )
  })

  it("shares only what nobody can change, and nothing that rests on a fact", () => {
    fc.assert(
      fc.property(policies, inputs, (policy, decidable) => {
        const [first, second] = [decideTargets(policy, decidable), decideTargets(policy, decidable)]
        for (const [index, explanation] of first.entries()) {
          const shared = explanation === second[index]
          expect(shared).toBe(explanation.target !== "active" || decidable.state === "active")
          const parts = [explanation.needs, explanation.verdicts, ...explanation.verdicts]
          expect([explanation, ...parts].every(Object.isFrozen)).toBe(shared)
        }
      }),
      { numRuns }
    )
  })
})
