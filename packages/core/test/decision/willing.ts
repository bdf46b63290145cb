import {
  CampaignId,
  type CampaignState,
  type ChangeRequest,
  type Decision,
  type DecisionInput,
  type GuardName,
  isViolation
} from "../../src/index.ts"

const CAMPAIGN = CampaignId.make("66666666-6666-4666-8666-666666666666")

/** A request that every guard but the matrix and the pause reason passes. */
export const willing = (
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

export const violations = ({ verdicts }: Decision): ReadonlyArray<GuardName> =>
  verdicts.filter(isViolation).map(({ guard }) => guard)

export const withoutOverrides = (input: DecisionInput): DecisionInput => {
  const { overrides: _overrides, ...request } = input.request
  return { ...input, request }
}
