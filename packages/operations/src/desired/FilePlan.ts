import { CampaignId, CampaignState, TargetState, Verdict } from "@campaignctl/core"
import { Schema } from "effect"

/** A campaign that is not in the state that is wanted. */
export const StateDifference = Schema.Struct({
  campaignId: CampaignId,
  name: Schema.String,
  divisionId: Schema.NullOr(Schema.String),
  from: CampaignState,
  to: TargetState,
  /** The entry of the file that says so, from 0. */
  entry: Schema.Int,
  /** What would come of the change now. */
  outcome: Schema.Literals(["allowed", "rejected"]),
  verdicts: Schema.Array(Verdict)
})
export type StateDifference = typeof StateDifference.Type

/** A window as its short text, and the agents needed. */
export const PolicyText = Schema.Struct({
  window: Schema.NullOr(Schema.String),
  minimumAgents: Schema.NullOr(Schema.Int)
})
export type PolicyText = typeof PolicyText.Type

/** A campaign whose own window or minimum of agents is not what is wanted; null where it has none. */
export const PolicyDifference = Schema.Struct({
  campaignId: CampaignId,
  name: Schema.String,
  /** The entry of the file that says so, from 0; null where none speaks for the campaign any more. */
  entry: Schema.NullOr(Schema.Int),
  before: Schema.NullOr(PolicyText),
  after: Schema.NullOr(PolicyText)
})
export type PolicyDifference = typeof PolicyDifference.Type

/** A schedule that is to come, to change or to go. */
export const ScheduleDifference = Schema.Struct({
  name: Schema.String,
  change: Schema.Literals(["add", "replace", "remove"])
})
export type ScheduleDifference = typeof ScheduleDifference.Type

/** What is different from what a fleet file wants. */
export const FilePlan = Schema.Struct({
  file: Schema.String,
  /**
   * SHA-256, in hex, over the file and everything that the plan was made from: two plans with the
   * same digest are the same plan, made in the same circumstances.
   */
  digest: Schema.String,
  states: Schema.Array(StateDifference),
  policies: Schema.Array(PolicyDifference),
  schedules: Schema.Array(ScheduleDifference),
  /** Sentences on what keeps the file from being applied at all. */
  refusals: Schema.Array(Schema.String),
  /** Sentences on what is probably not meant, such as an entry that selects nothing. */
  warnings: Schema.Array(Schema.String)
})
export type FilePlan = typeof FilePlan.Type

/** Whether anything is to be done. */
export const hasDifferences = ({ policies, schedules, states }: FilePlan): boolean =>
  states.length + policies.length + schedules.length > 0
