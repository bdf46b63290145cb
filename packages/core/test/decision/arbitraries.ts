import fc from "fast-check"
import {
  CampaignState,
  type CapacityFact,
  type ChangeRequest,
  type DecisionInput,
  type GuardPolicy,
  type MatrixRule,
  notGathered,
  OverridableGuard,
  type Override,
  PauseReason,
  type SlotsFact,
  TargetState,
  type TransitionMatrix,
  unknown,
  type WindowFact
} from "../../src/index.ts"

export const states = fc.constantFrom(...CampaignState.literals)
const targets = fc.constantFrom(...TargetState.literals)
const rules = fc.constantFrom<MatrixRule>("allowed", "with-restart", "refused")

const row = fc.record({ active: rules, paused: rules, completed: rules, archived: rules })
export const matrices: fc.Arbitrary<TransitionMatrix> = fc.record({
  active: row,
  draining: row,
  paused: row,
  completed: row,
  archived: row,
  invalid: row
})

export const policies: fc.Arbitrary<GuardPolicy> = fc.record({
  matrix: matrices,
  minimumAgents: fc.nat(5),
  capacityScope: fc.constantFrom("campaign-queue", "all-queues"),
  activeLimit: fc.integer({ min: 1, max: 5 })
})

const unknowns = fc.string().map(unknown)
const gatheredNot = fc.constant(notGathered)

export const capacities: fc.Arbitrary<CapacityFact> = fc.oneof(
  fc.record({
    _tag: fc.constant("AgentsAvailable" as const),
    available: fc.oneof(fc.nat(8), fc.constant(Number.NaN)),
    of: fc.string()
  }),
  unknowns,
  gatheredNot
)

export const windowFacts: fc.Arbitrary<WindowFact> = fc.oneof(
  fc.record(
    {
      _tag: fc.constant("WindowJudged" as const),
      open: fc.boolean(),
      zones: fc.array(
        fc.record({
          zone: fc.string(),
          open: fc.boolean(),
          localTime: fc.string(),
          detail: fc.string()
        })
      ),
      opensAt: fc.oneof(fc.nat(), fc.double())
    },
    { requiredKeys: ["_tag", "open", "zones"] }
  ),
  unknowns,
  gatheredNot
)

export const slotsFacts: fc.Arbitrary<SlotsFact> = fc.oneof(
  fc.record({
    _tag: fc.constant("SlotsCounted" as const),
    inUse: fc.oneof(fc.nat(8), fc.constant(Number.NaN))
  }),
  unknowns,
  gatheredNot
)

export const overrides: fc.Arbitrary<Override> = fc.record({
  guard: fc.constantFrom(...OverridableGuard.literals),
  note: fc.string({ minLength: 1 })
})

const requests: fc.Arbitrary<ChangeRequest> = fc.record(
  {
    target: targets,
    pauseReason: fc.constantFrom(...PauseReason.literals),
    overrides: fc.array(overrides, { maxLength: 4 }),
    restart: fc.boolean()
  },
  { requiredKeys: ["target"] }
)

export const inputs: fc.Arbitrary<DecisionInput> = fc.record(
  {
    campaign: fc.record(
      {
        name: fc.string(),
        status: fc.string(),
        dialingMode: fc.constantFrom("agentless", "external", "preview", "power", "new-mode")
      },
      { requiredKeys: ["name", "status"] }
    ),
    state: states,
    pending: targets,
    request: requests,
    capacity: capacities,
    window: windowFacts,
    slots: slotsFacts
  },
  { requiredKeys: ["campaign", "state", "request", "capacity", "window", "slots"] }
)
