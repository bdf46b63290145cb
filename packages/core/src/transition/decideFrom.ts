import { Effect } from "effect"
import { type Decision, decide } from "../decision/decide.ts"
import type { ChangeRequest } from "../decision/Request.ts"
import { notGathered, type SlotsFact } from "../guards/Facts.ts"
import type { AgentCapacity } from "../ports/AgentCapacity.ts"
import type { CallingWindows } from "../ports/CallingWindows.ts"
import { gatherFacts } from "./gatherFacts.ts"
import type { Observation } from "./observe.ts"
import { report } from "./Progress.ts"
import type { RunClock } from "./retrying.ts"
import { Settings } from "./Settings.ts"

/** Gathers the facts that a request needs and takes the decision from them. */
export const decideFrom = Effect.fnUntraced(function* (
  { campaign, disposition, state }: Observation,
  request: ChangeRequest & { readonly slots?: SlotsFact },
  clock: RunClock
): Effect.fn.Return<Decision, never, AgentCapacity | CallingWindows> {
  const { guards } = yield* Settings
  const facts = yield* gatherFacts(campaign, state, request, clock)
  const decision = decide(guards, {
    campaign,
    state,
    request,
    ...facts,
    slots: request.slots ?? notGathered,
    ...(disposition === undefined ? {} : { pending: disposition.target })
  })
  yield* report({ _tag: "Decided", campaign, decision })
  return decision
})
