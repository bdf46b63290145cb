import fc from "fast-check"
import {
  CampaignId,
  CampaignState,
  type CapacityFact,
  type ChangeRequest,
  type DecisionInput,
  type GuardPolicy,
  type HoldScope,
  type HoldsFact,
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

const capacities: fc.Arbitrary<CapacityFact> = fc.oneof(
  fc.record({
    _tag: fc.constant("AgentsAvailable" as const),
    available: fc.oneof(fc.nat(8), fc.constant(Number.NaN)),
    of: fc.string()
  }),
  unknowns,
  gatheredNot
)

const windowFacts: fc.Arbitrary<WindowFact> = fc.oneof(
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

const slotsFacts: fc.Arbitrary<SlotsFact> = fc.oneof(
  fc.record({
    _tag: fc.constant("SlotsCounted" as const),
    inUse: fc.oneof(fc.nat(8), fc.constant(Number.NaN))
  }),
  unknowns,
  gatheredNot
)

const campaignIds = fc
  .constantFrom("1", "2")
  .map((digit) => CampaignId.make(`66666666-6666-4666-8666-66666666666${digit}`))
const things = fc.constantFrom("a", "b")
const references = fc.record({ id: things })

export const scopes: fc.Arbitrary<HoldScope> = fc.record(
  {
    ids: fc.array(campaignIds, { maxLength: 2 }),
    divisionIds: fc.array(things, { maxLength: 2 }),
    queueIds: fc.array(things, { maxLength: 2 }),
    namePattern: fc.string({ unit: fc.constantFrom("a", "B", "*", "?"), maxLength: 4 })
  },
  { requiredKeys: [] }
)

const holdsFacts: fc.Arbitrary<HoldsFact> = fc.oneof(
  fc.record({
    _tag: fc.constant("HoldsRead" as const),
    holds: fc.array(
      fc.record({
        name: fc.string(),
        scope: scopes,
        raisedBy: fc.string(),
        raisedAt: fc.string(),
        reason: fc.string()
      }),
      { maxLength: 2 }
    )
  }),
  unknowns,
  gatheredNot
)

export const campaigns: fc.Arbitrary<DecisionInput["campaign"]> = fc.record(
  {
    id: campaignIds,
    name: fc.string({ unit: fc.constantFrom("a", "b"), maxLength: 4 }),
    status: fc.string(),
    dialingMode: fc.constantFrom("agentless", "external", "preview", "power", "new-mode"),
    division: references,
    queue: references
  },
  { requiredKeys: ["id", "name", "status"] }
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
    campaign: campaigns,
    state: states,
    pending: targets,
    request: requests,
    capacity: capacities,
    window: windowFacts,
    slots: slotsFacts,
    holds: holdsFacts
  },
  { requiredKeys: ["campaign", "state", "request", "capacity", "window", "slots", "holds"] }
)
