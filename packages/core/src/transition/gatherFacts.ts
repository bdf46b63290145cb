import { Clock, Effect } from "effect"
import type { Campaign } from "../campaign/Campaign.ts"
import { needsCapacity, needsWindow } from "../decision/decide.ts"
import type { ChangeRequest } from "../decision/Request.ts"
import type { CampaignState } from "../campaign/State.ts"
import {
  type CapacityFact,
  type HoldsFact,
  notGathered,
  type Unknown,
  unknown,
  type WindowFact
} from "../guards/Facts.ts"
import { AgentCapacity } from "../ports/AgentCapacity.ts"
import { CallingWindows } from "../ports/CallingWindows.ts"
import { CampaignPolicies } from "../ports/CampaignPolicies.ts"
import { Holds } from "../ports/Holds.ts"
import type { CallingWindow } from "../window/CallingWindow.ts"
import { judgeWindow } from "../window/judgeWindow.ts"
import { judgedNow, retryingReads, type RunClock } from "./retrying.ts"
import { Settings } from "./Settings.ts"

/** The facts of one decision. */
export interface GatheredFacts {
  readonly capacity: CapacityFact
  readonly window: WindowFact
  readonly holds: HoldsFact
  /** Agents that this campaign needs, where it has a minimum of its own. */
  readonly minimumAgents?: number
}

/** Of a stop, and of what is there already. */
const nothingAsked: Effect.Effect<GatheredFacts> = Effect.succeed({
  capacity: notGathered,
  window: notGathered,
  holds: notGathered
})

type FactsRequest = ChangeRequest & { readonly capacity?: CapacityFact }

/**
 * Learns what the decision needs and nothing else: a stop asks for nothing at all. A fact that
 * cannot be learned is unknown, and says why; it never fails the run.
 */
export const gatherFacts = (
  campaign: Campaign,
  state: CampaignState,
  request: FactsRequest,
  run: RunClock
): Effect.Effect<GatheredFacts, never, AgentCapacity | CallingWindows> =>
  needsWindow(state, request) ? gathered(campaign, state, request, run) : nothingAsked

const gathered = Effect.fnUntraced(function* (
  campaign: Campaign,
  state: CampaignState,
  request: FactsRequest,
  run: RunClock
): Effect.fn.Return<GatheredFacts, never, AgentCapacity | CallingWindows> {
  const { policyFor } = yield* CampaignPolicies
  const policy = yield* policyFor(campaign)
  if ("_tag" in policy) return { capacity: policy, window: policy, holds: yield* holdsNow(run) }
  const capacity = needsCapacity(state, request, campaign)
    ? request.capacity === undefined
      ? capacityOf(campaign, run)
      : Effect.succeed(request.capacity)
    : Effect.succeed(notGathered)
  const window =
    policy.window === undefined ? windowOf(campaign, run) : Effect.succeed(policy.window)
  const learned = yield* Effect.all({ capacity, window }, { concurrency: 2 })
  // Read and judged last: the other facts may have been waited for until after a halt was raised, or
  // after the window closed.
  const holds = yield* holdsNow(run)
  return {
    holds,
    capacity: learned.capacity,
    window:
      "_tag" in learned.window
        ? learned.window
        : judgeWindow(learned.window, yield* Clock.currentTimeMillis),
    ...(policy.minimumAgents === undefined ? {} : { minimumAgents: policy.minimumAgents })
  }
})

const holdsNow = Effect.fnUntraced(function* (run: RunClock): Effect.fn.Return<HoldsFact> {
  const { active } = yield* Holds
  yield* judgedNow(run)
  return yield* active.pipe(
    Effect.map((holds) => ({ _tag: "HoldsRead" as const, holds })),
    Effect.catch(({ detail }) => Effect.succeed(unknown(detail)))
  )
})

const capacityOf = Effect.fnUntraced(function* (
  campaign: Campaign,
  run: RunClock
): Effect.fn.Return<CapacityFact, never, AgentCapacity> {
  const { guards } = yield* Settings
  const agents = yield* AgentCapacity
  if (guards.capacityScope === "all-queues")
    return yield* orUnknown(retryingReads(run, agents.available({ _tag: "AllQueues" })))
  if (campaign.queue === undefined) return unknown("the campaign has no queue.")
  return yield* orUnknown(
    retryingReads(run, agents.available({ _tag: "Queue", ...campaign.queue }))
  )
})

const windowOf = Effect.fnUntraced(function* (
  campaign: Campaign,
  run: RunClock
): Effect.fn.Return<CallingWindow | Unknown, never, CallingWindows> {
  const windows = yield* CallingWindows
  return yield* orUnknown(retryingReads(run, windows.windowFor(campaign)))
})

const orUnknown = <A, E extends { readonly message: string }, R>(fact: Effect.Effect<A, E, R>) =>
  Effect.catch(fact, (error) => Effect.succeed(unknown(error.message)))
