import fc from "fast-check"
import { describe, expect, it } from "vitest"
import {
  CampaignId,
  CampaignState,
  type ChangeRequest,
  decide,
  type Decision,
  type DecisionInput,
  defaultGuardPolicy,
  GuardName,
  type GuardPolicy,
  isViolation,
  needsAgents,
  OverridableGuard,
  TargetState,
  unknown
} from "../../src/index.ts"
import { DOCUMENTED, WITH_RESTART } from "./documented.ts"
import { inputs, overrides, policies, states } from "./arbitraries.ts"

const RUNS = { numRuns: 2_000 }
const CAMPAIGN = CampaignId.make("66666666-6666-4666-8666-666666666666")

/** A request that every guard but the matrix and the pause reason passes. */
const willing = (
  state: CampaignState,
  request: ChangeRequest,
  facts: Partial<DecisionInput> = {}
): DecisionInput => ({
  campaign: { id: CAMPAIGN, name: "Winback", status: "off", dialingMode: "power" },
  state,
  request,
  capacity: { _tag: "AgentsAvailable", available: 9, of: "Sales" },
  window: { _tag: "WindowJudged", open: true, zones: [] },
  slots: { _tag: "SlotsCounted", inUse: 1 },
  holds: { _tag: "HoldsRead", holds: [] },
  ...facts
})

const violations = ({ verdicts }: Decision): ReadonlyArray<GuardName> =>
  verdicts.filter(isViolation).map(({ guard }) => guard)

const withoutOverrides = (input: DecisionInput): DecisionInput => {
  const { overrides: _overrides, ...request } = input.request
  return { ...input, request }
}

const pairs = CampaignState.literals.flatMap((state) =>
  TargetState.literals.flatMap((target) =>
    [false, true].map((restart) => ({ state, target, restart }))
  )
)

describe("decide", () => {
  it.each(pairs)("answers $state to $target (restart: $restart) as documented", (pair) => {
    const { restart, state, target } = pair
    const input = willing(state, { target, restart, pauseReason: "OTHER" })
    const allowed =
      DOCUMENTED[state].includes(target) ||
      (restart && WITH_RESTART[state]?.includes(target) === true)
    const decision = decide(defaultGuardPolicy, input)
    expect(decision.outcome).toBe(
      state === target ? "already-there" : allowed ? "allowed" : "rejected"
    )
    expect(violations(decision)).toEqual(decision.outcome === "rejected" ? ["matrix"] : [])
  })

  it("obeys any matrix, on every pair", () => {
    fc.assert(
      fc.property(policies, fc.constantFrom(...pairs), (policy, { restart, state, target }) => {
        const roomy = { ...policy, minimumAgents: 2, activeLimit: 50 }
        const request: ChangeRequest = { target, restart, pauseReason: "OTHER" }
        const rule = policy.matrix[state][target]
        const allowed = rule === "allowed" || (rule === "with-restart" && restart)
        expect(decide(roomy, willing(state, request)).outcome).toBe(
          state === target ? "already-there" : allowed ? "allowed" : "rejected"
        )
      }),
      RUNS
    )
  })

  it("gives the same answer to the same question, one verdict for each guard, in order", () => {
    fc.assert(
      fc.property(policies, inputs, (policy, input) => {
        const decision = decide(policy, input)
        expect(decide(structuredClone(policy), structuredClone(input))).toEqual(decision)
        expect(decision.state).toBe(input.state)
        expect(decision.verdicts.map(({ guard }) => guard)).toEqual(GuardName.literals)
        expect(decision.verdicts.every(({ detail }) => detail !== "")).toBe(true)
        const refused = violations(decision).length > 0
        expect(
          decision.outcome === "already-there" || refused === (decision.outcome === "rejected")
        ).toBe(true)
      }),
      RUNS
    )
  })

  it("names every guard that fails, and no other", () => {
    const failing: Readonly<
      Record<"capacity" | "callingWindow" | "slots", Partial<DecisionInput>>
    > = {
      capacity: { capacity: { _tag: "AgentsAvailable", available: 1, of: "Sales" } },
      callingWindow: { window: { _tag: "WindowJudged", open: false, zones: [] } },
      slots: { slots: { _tag: "SlotsCounted", inUse: 50 } }
    }
    const facts = fc.subarray([...OverridableGuard.literals])
    fc.assert(
      fc.property(facts, fc.boolean(), (names, matrixFails) => {
        const state = matrixFails ? "archived" : "paused"
        const input = willing(
          state,
          { target: "active" },
          Object.assign({}, ...names.map((name) => failing[name]))
        )
        const decision = decide(defaultGuardPolicy, input)
        expect(violations(decision)).toEqual([...(matrixFails ? ["matrix"] : []), ...names])
        expect(decision.outcome).toBe(matrixFails || names.length > 0 ? "rejected" : "allowed")
      })
    )
    const pause = decide(defaultGuardPolicy, willing("archived", { target: "paused" }))
    expect(violations(pause)).toEqual(["matrix", "pauseReason"])
    const reasonless = decide(defaultGuardPolicy, willing("active", { target: "paused" }))
    expect(violations(reasonless)).toEqual(["pauseReason"])
  })

  it("never refuses a stop for capacity, window, slots or a hold", () => {
    fc.assert(
      fc.property(policies, inputs, (policy, input) => {
        fc.pre(input.request.target !== "active")
        const { verdicts } = decide(policy, input)
        const activation = verdicts.filter(({ guard }) =>
          ["hold", ...OverridableGuard.literals].some((name) => name === guard)
        )
        expect(activation.map(({ status }) => status)).toEqual(Array(4).fill("skipped"))
      }),
      RUNS
    )
    fc.assert(
      fc.property(states, inputs, (state, { capacity, holds, slots, window }) => {
        const facts = { capacity, window, slots, holds }
        const request: ChangeRequest = { target: "paused", pauseReason: "COMPLIANCE" }
        const decision = decide(defaultGuardPolicy, willing(state, request, facts))
        const refused = state === "completed" || state === "archived"
        expect(decision.outcome === "rejected").toBe(refused)
      }),
      RUNS
    )
  })

  it("sends a stop to a campaign that drains, unless a stop is what it drains towards", () => {
    const outcomes = (["active", "paused", "completed", "archived", undefined] as const).map(
      (pending) =>
        decide(
          defaultGuardPolicy,
          willing(
            "draining",
            { target: "paused", pauseReason: "COMPLIANCE" },
            pending === undefined ? {} : { pending }
          )
        ).outcome
    )
    expect(outcomes).toEqual([
      "allowed",
      "already-there",
      "already-there",
      "already-there",
      "allowed"
    ])
  })

  it.each([
    ["paused", 49, "allowed"],
    ["paused", 50, "rejected"],
    ["draining", 50, "allowed"],
    ["draining", 51, "rejected"]
  ] as const)(
    "counts the slot that a campaign holds itself: %s with %i on is %s",
    (state, inUse, outcome) => {
      const facts = { slots: { _tag: "SlotsCounted", inUse } } as const
      expect(decide(defaultGuardPolicy, willing(state, { target: "active" }, facts)).outcome).toBe(
        outcome
      )
    }
  )

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

  it("is content with a campaign that is there already, whatever the facts and the matrix", () => {
    fc.assert(
      fc.property(
        policies,
        inputs,
        fc.constantFrom(...TargetState.literals),
        (policy, input, state) => {
          const request = { ...input.request, target: state }
          expect(decide(policy, { ...input, state, request }).outcome).toBe("already-there")
        }
      ),
      RUNS
    )
  })

  it.each<readonly [string, GuardPolicy, Partial<DecisionInput>, string]>([
    [
      "one agent short",
      defaultGuardPolicy,
      { capacity: { _tag: "AgentsAvailable", available: 1, of: "Sales" } },
      "Only 1 agent available on Sales; 2 needed."
    ],
    [
      "a closed window",
      defaultGuardPolicy,
      {
        window: {
          _tag: "WindowJudged",
          open: false,
          zones: [
            {
              zone: "Europe/Berlin",
              open: false,
              localTime: "2026-11-23 21:00:00",
              detail: "closed, opens Tuesday 09:00"
            }
          ],
          opensAt: Date.parse("2026-11-24T08:00Z")
        }
      },
      "The calling window is closed (Europe/Berlin 2026-11-23 21:00:00, closed, opens Tuesday 09:00). It opens at 2026-11-24T08:00:00.000Z."
    ],
    [
      "a full house",
      defaultGuardPolicy,
      { slots: { _tag: "SlotsCounted", inUse: 50 } },
      "50 of 50 campaigns are on; one must stop first."
    ]
  ])("says what is wrong with %s", (_name, policy, facts, detail) => {
    const { verdicts } = decide(policy, willing("paused", { target: "active" }, facts))
    expect(verdicts.filter(isViolation).map((verdict) => verdict.detail)).toEqual([detail])
  })
})
