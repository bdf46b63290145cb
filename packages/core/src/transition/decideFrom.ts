import { Clock, Effect } from "effect"
import { type Decision, decide } from "../decision/decide.ts"
import type { ChangeRequest } from "../decision/Request.ts"
import { type CapacityFact, notGathered, type SlotsFact } from "../guards/Facts.ts"
import type { AgentCapacity } from "../ports/AgentCapacity.ts"
import type { CallingWindows } from "../ports/CallingWindows.ts"
import { gatherFacts } from "./gatherFacts.ts"
import { attribute, spans } from "../telemetry/spans.ts"
import { onSpan, traced } from "../telemetry/traced.ts"
import type { Observation } from "./observe.ts"
import { report } from "./Progress.ts"
import type { RunClock } from "./retrying.ts"
import { Settings } from "./Settings.ts"

/** Gathers the facts that a request needs and takes the decision from them. */
export const decideFrom = traced(spans.decide.name)(function* (
  { campaign, disposition, state }: Observation,
  request: ChangeRequest & { readonly slots?: SlotsFact; readonly capacity?: CapacityFact },
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
  yield* tellSpan(decision, request)
  yield* report({ _tag: "Decided", campaign, decision })
  return decision
})

/** The decision on its span, with one event for each guard's verdict; the sentences stay in the audit. */
const tellSpan = (
  { outcome, state, verdicts }: Decision,
  { target }: ChangeRequest
): Effect.Effect<void> =>
  onSpan((span) =>
    Effect.map(Clock.currentTimeNanos, (now) => {
      span.attribute(attribute.state, state)
      span.attribute(attribute.target, target)
      span.attribute(attribute.outcome, outcome)
      for (const { guard, status } of verdicts)
        span.event("verdict", now, { [attribute.guard]: guard, [attribute.status]: status })
    })
  )
