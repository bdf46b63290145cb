import { Effect } from "effect"
import type { Decision } from "../decision/decide.ts"
import type { ChangeRequest } from "../decision/Request.ts"
import type { CapacityFact, SlotsFact } from "../guards/Facts.ts"
import type { AgentCapacity } from "../ports/AgentCapacity.ts"
import type { CallingWindows } from "../ports/CallingWindows.ts"
import { decideFrom } from "./decideFrom.ts"
import type { Observation } from "./observe.ts"
import { startRun } from "./retrying.ts"

/** What is asked about a campaign that was listed, with what the caller has counted already. */
export interface ExplainSeen extends ChangeRequest {
  readonly slots?: SlotsFact
  readonly capacity?: CapacityFact
}

/** As `explain`, of a campaign that the caller has just listed: no request is sent to read it. */
export const explainSeen = (
  observation: Observation,
  request: ExplainSeen
): Effect.Effect<Decision, never, AgentCapacity | CallingWindows> =>
  Effect.flatMap(startRun, (clock) => decideFrom(observation, request, clock))
