import fc from "fast-check"
import { describe, expect, it } from "vitest"
import {
  type ChangeRequest,
  decide,
  defaultGuardPolicy,
  isViolation,
  needsAgents,
  unknown
} from "../../src/index.ts"
import { inputs, overrides, policies } from "./arbitraries.ts"
import { violations, willing, withoutOverrides } from "./willing.ts"

const RUNS = { numRuns: 2_000 }

describe("decide, with overrides", () => {
  it("never allows a start on a fact that is not known, unless that guard is overridden", () => {
    let allowed = 0
    fc.assert(
      fc.property(policies, inputs, (policy, anyInput) => {
        const input = { ...anyInput, request: { ...anyInput.request, target: "active" as const } }
        if (decide(policy, input).outcome !== "allowed") return
        allowed++
        const named = new Set(input.request.overrides?.map(({ guard }) => guard))
        const agentless = !needsAgents(input.campaign)
        const open = input.window._tag === "WindowJudged" && input.window.open
        expect({
          capacity: agentless || named.has("capacity") || input.capacity._tag === "AgentsAvailable",
          callingWindow: named.has("callingWindow") || open,
          slots: named.has("slots") || input.slots._tag !== "Unknown",
          hold: input.holds._tag === "HoldsRead"
        }).toEqual({ capacity: true, callingWindow: true, slots: true, hold: true })
      }),
      { numRuns: 5_000 }
    )
    expect(allowed).toBeGreaterThan(50)
  })

  it.each([
    ["capacity", { capacity: unknown("no reply.") }],
    ["callingWindow", { window: unknown("no such zone.") }],
    ["slots", { slots: unknown("no reply.") }]
  ] as const)(
    "refuses a start while %s is not known, and starts when it is overridden",
    (guard, facts) => {
      const refused = decide(defaultGuardPolicy, willing("paused", { target: "active" }, facts))
      expect([refused.outcome, violations(refused)]).toEqual(["rejected", [guard]])
      const request: ChangeRequest = { target: "active", overrides: [{ guard, note: "by phone" }] }
      const decision = decide(defaultGuardPolicy, willing("paused", request, facts))
      expect(decision.outcome).toBe("allowed")
      expect(decision.verdicts.find((verdict) => verdict.guard === guard)).toMatchObject({
        status: "overridden",
        overrode: "unknown",
        note: "by phone"
      })
    }
  )

  it("lets an override change a failed or unknown verdict of its own guard alone, and keeps the note", () => {
    fc.assert(
      fc.property(policies, inputs, fc.array(overrides), (policy, anyInput, all) => {
        const plain = withoutOverrides(anyInput)
        const input = { ...plain, request: { ...plain.request, overrides: all } }
        const before = decide(policy, plain).verdicts
        const after = decide(policy, input).verdicts
        before.forEach((verdict, index) => {
          const override = all.find(({ guard }) => guard === verdict.guard)
          expect(after[index]).toEqual(
            override !== undefined && isViolation(verdict)
              ? { ...verdict, status: "overridden", overrode: verdict.status, note: override.note }
              : verdict
          )
        })
      }),
      RUNS
    )
  })

  it("cannot be talked out of the matrix, the pause reason or a hold, not even around the types", () => {
    const forced = [
      { guard: "matrix", note: "please" },
      { guard: "hold", note: "please" },
      { guard: "pauseReason", note: "please" }
      // What a caller in JavaScript could send: no type allows it.
    ] as unknown as NonNullable<ChangeRequest["overrides"]>
    fc.assert(
      fc.property(policies, inputs, (policy, input) => {
        const request = { ...input.request, overrides: forced }
        expect(decide(policy, { ...input, request })).toEqual(
          decide(policy, withoutOverrides(input))
        )
      }),
      RUNS
    )
    const archived = decide(
      defaultGuardPolicy,
      willing("archived", { target: "paused", overrides: forced })
    )
    expect(violations(archived)).toEqual(["matrix", "pauseReason"])
  })
})
