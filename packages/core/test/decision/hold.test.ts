import fc from "fast-check"
import { describe, expect, it } from "vitest"
import {
  decide,
  type DecisionInput,
  defaultGuardPolicy,
  type Hold,
  type HoldScope,
  inScope,
  OverridableGuard,
  unknown
} from "../../src/index.ts"
import { campaigns, inputs, policies } from "./arbitraries.ts"
import { willing } from "./willing.ts"

const holdOver = (scope: HoldScope, name = "Easter"): Hold => ({
  name,
  scope,
  raisedBy: "ada",
  raisedAt: "2026-11-23T12:00:00.000Z",
  reason: "COMPLIANCE"
})

const verdictOf = (input: DecisionInput) =>
  decide(defaultGuardPolicy, input).verdicts.find(({ guard }) => guard === "hold")

const starting = (campaign: DecisionInput["campaign"], holds: DecisionInput["holds"]) =>
  willing("paused", { target: "active" }, { campaign, holds })

describe("the hold", () => {
  it("lets no start pass that a hold covers, whatever else is so and whatever is overridden", () => {
    let held = 0
    fc.assert(
      fc.property(policies, inputs, (policy, anyInput) => {
        const overrides = OverridableGuard.literals.map((guard) => ({ guard, note: "please" }))
        const input: DecisionInput = {
          ...anyInput,
          request: { ...anyInput.request, target: "active", overrides }
        }
        const { holds } = input
        const free =
          holds._tag === "HoldsRead" &&
          holds.holds.every(({ scope }) => inScope(scope, input.campaign) === "out")
        if (free || input.state === "active") return
        held += 1
        expect(decide(policy, input).outcome).toBe("rejected")
      }),
      { numRuns: 2_000 }
    )
    expect(held).toBeGreaterThan(100)
  })

  it("passes a start that no hold covers", () => {
    fc.assert(
      fc.property(campaigns, (campaign) => {
        const others = holdOver({ namePattern: `${campaign.name}?*` })
        const decision = decide(
          defaultGuardPolicy,
          starting(campaign, { _tag: "HoldsRead", holds: [others] })
        )
        expect(decision.outcome).toBe("allowed")
      })
    )
  })

  const campaign = fc.sample(campaigns, { seed: 1, numRuns: 1 })[0]
  if (campaign === undefined) throw new Error("fast-check gave no sample")
  const { division: _division, ...hidden } = campaign

  it.each([
    [
      { _tag: "HoldsRead", holds: [holdOver({})] },
      "failed",
      "Halt “Easter”, raised by ada at 2026-11-23T12:00:00.000Z (COMPLIANCE): it holds until it is lifted by name."
    ],
    [
      { _tag: "HoldsRead", holds: [holdOver({ divisionIds: ["a"] })] },
      "unknown",
      "Halt “Easter”, raised by ada at 2026-11-23T12:00:00.000Z (COMPLIANCE): whether it holds this campaign cannot be told, which was shown without its division or queue."
    ],
    [
      unknown("the disk is full."),
      "unknown",
      "Whether a halt holds is not known: the disk is full."
    ],
    [{ _tag: "NotGathered" }, "unknown", "The halts that hold were not asked for."],
    [{ _tag: "HoldsRead", holds: [] }, "passed", "No halt holds the campaign."]
  ] as const)("says why: %o", (holds, status, detail) => {
    expect(verdictOf(starting(hidden, holds))).toEqual({ guard: "hold", status, detail })
  })
})
