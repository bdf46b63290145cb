import { Clock, Effect } from "effect"
import { type Decision, decide } from "../decision/decide.ts"
import type { ChangeRequest } from "../decision/Request.ts"
import { type CapacityFact, notGathered, type SlotsFact } from "../guards/Facts.ts"
import type { AgentCapacity } from "../ports/AgentCapacity.ts"
import type { CallingWindows } from "../ports/CallingWindows.ts"
import { gatherFacts } from "./gatherFacts.ts"
import { attribute, spans } from "../telemetry/spans.ts"
import { annotate, onSpan, traced } from "../telemetry/traced.ts"
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
  yield* annotate({
    [attribute.state]: state,
    [attribute.target]: request.target,
    [attribute.outcome]: decision.outcome
  })
  yield* traceVerdicts(decision)
  yield* report({ _tag: "Decided", campaign, decision })
  return decision
})

/** One event on the decision's span for each guard's verdict; the sentences stay in the audit. */
const traceVerdicts = ({ verdicts }: Decision): Effect.Effect<void> =>
  onSpan((span) =>
    Effect.map(Clock.currentTimeNanos, (now) => {
      for (const { guard, status } of verdicts)
        span.event("verdict", now, { [attribute.guard]: guard, [attribute.status]: status })
    })
  )
