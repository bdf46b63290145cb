import fc from "fast-check"
import { describe, expect, it } from "vitest"
import {
  CampaignState,
  type ChangeRequest,
  decide,
  type DecisionInput,
  defaultGuardPolicy,
  GuardName,
  type GuardPolicy,
  isViolation,
  OverridableGuard,
  TargetState
} from "../../src/index.ts"
import { DOCUMENTED, WITH_RESTART } from "./documented.ts"
import { inputs, policies, states } from "./arbitraries.ts"
import { violations, willing } from "./willing.ts"

const RUNS = { numRuns: 2_000 }

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
    ],
    [
      "a house that was full when it was counted",
      defaultGuardPolicy,
      { slots: { _tag: "SlotsCounted", inUse: 50, started: 0 } },
      "50 of 50 campaigns were on when they were counted; one must stop first. They are counted anew when the change is asked for again."
    ],
    [
      "a house that the same work has filled since",
      defaultGuardPolicy,
      { slots: { _tag: "SlotsCounted", inUse: 56, started: 12 } },
      "44 of 50 campaigns were on when they were counted, and 12 more count as started since by the same work; one must stop first. They are counted anew when the change is asked for again."
    ]
  ])("says what is wrong with %s", (_name, policy, facts, detail) => {
    const { verdicts } = decide(policy, willing("paused", { target: "active" }, facts))
    expect(verdicts.filter(isViolation).map((verdict) => verdict.detail)).toEqual([detail])
  })
})
