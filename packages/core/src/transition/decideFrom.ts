import { Clock, Effect } from "effect"
import type { Decision } from "../decision/decide.ts"
import { decideOnce } from "../decision/decideOnce.ts"
import type { ChangeRequest } from "../decision/Request.ts"
import { type CapacityFact, notGathered, type SlotsFact } from "../guards/Facts.ts"
import type { AgentCapacity } from "../ports/AgentCapacity.ts"
import type { CallingWindows } from "../ports/CallingWindows.ts"
import { gatherFacts } from "./gatherFacts.ts"
import { attribute, spans } from "../telemetry/spans.ts"
import { isCollected, onSpan, tracedCall } from "../telemetry/traced.ts"
import type { Observation } from "./observe.ts"
import { report } from "./Progress.ts"
import type { RunClock } from "./retrying.ts"
import { Settings } from "./Settings.ts"

type DecisionRequest = ChangeRequest & {
  readonly slots?: SlotsFact
  readonly capacity?: CapacityFact
}

/** Gathers the facts that a request needs and takes the decision from them. */
export const decideFrom = tracedCall(
  spans.decide.name,
  (
    { campaign, disposition, state }: Observation,
    request: DecisionRequest,
    clock: RunClock
  ): Effect.Effect<Decision, never, AgentCapacity | CallingWindows> =>
    Effect.flatMap(gatherFacts(campaign, state, request, clock), (facts) =>
      Effect.withFiber((fiber) => {
        const decision = decideOnce(fiber.getRef(Settings).guards, {
          campaign,
          state,
          request,
          ...facts,
          slots: request.slots ?? notGathered,
          ...(disposition === undefined ? {} : { pending: disposition.target })
        })
        const told = report({ _tag: "Decided", campaign, decision })
        return Effect.as(
          isCollected(fiber) ? Effect.andThen(tellSpan(decision, request), told) : told,
          decision
        )
      })
    )
)

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
