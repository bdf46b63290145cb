import {
  type CallingWindow,
  CallingWindows,
  CampaignPolicies,
  type Campaign,
  judgeWindow,
  nextClosing,
  type Unknown,
  unknown
} from "@campaignctl/core"
import { Effect } from "effect"
import type { WindowSight } from "./Sight.ts"

/**
 * Milliseconds for which a callable time set is believed to be as it was read. Nobody edits the hours
 * of a campaign by the minute, and a request for each set with each look would cost as much as the
 * looks themselves.
 */
const TIME_SET_FRESH_MS = 300_000

/** A campaign's window, and the agents that it needs where it has a minimum of its own. */
export interface Rules {
  readonly window: CallingWindow | Unknown
  readonly minimumAgents?: number
}

/** Tells the rules of campaigns; each callable time set is read once for all campaigns that have it. */
export type RulesOf = (
  campaign: Campaign,
  /** When the look began: a set that could not be read is not asked for again in the same look. */
  lookedAt: number
) => Effect.Effect<Rules, never, CallingWindows>

interface Kept {
  readonly window: CallingWindow
  readonly readAt: number
}

export const makeRules = (): RulesOf => {
  const kept = new Map<string, Kept>()
  const failed = new Map<string, { readonly at: number; readonly why: Unknown }>()

  const windowOf = Effect.fnUntraced(function* (
    campaign: Campaign,
    lookedAt: number
  ): Effect.fn.Return<CallingWindow | Unknown, never, CallingWindows> {
    const windows = yield* CallingWindows
    const found = Effect.catch(windows.windowFor(campaign), (error) =>
      Effect.succeed(unknown(error.message))
    )
    const set = campaign.callableTimeSet?.id
    if (set === undefined) return yield* found
    const known = kept.get(set)
    if (known !== undefined && lookedAt - known.readAt < TIME_SET_FRESH_MS) return known.window
    const failure = failed.get(set)
    if (failure?.at === lookedAt) return failure.why
    const window = yield* found
    if ("_tag" in window) failed.set(set, { at: lookedAt, why: window })
    else kept.set(set, { window, readAt: lookedAt })
    return window
  })

  return Effect.fnUntraced(function* (campaign, lookedAt) {
    const { policyFor } = yield* CampaignPolicies
    const policy = yield* policyFor(campaign)
    if ("_tag" in policy) return { window: policy }
    return {
      window: policy.window ?? (yield* windowOf(campaign, lookedAt)),
      ...(policy.minimumAgents === undefined ? {} : { minimumAgents: policy.minimumAgents })
    }
  })
}

/** Judges windows at one instant, each once however many campaigns have it. */
export const judgeWindows = (now: number): ((window: CallingWindow | Unknown) => WindowSight) => {
  const judged = new Map<CallingWindow, WindowSight>()
  return (window) => {
    if ("_tag" in window) return window
    const sight = judged.get(window) ?? sightOf(window, now)
    judged.set(window, sight)
    return sight
  }
}

const sightOf = (window: CallingWindow, now: number): WindowSight => {
  const state = judgeWindow(window, now)
  if (state._tag === "Unknown") return state
  if (!state.open)
    return {
      _tag: "Closed",
      ...(state.opensAt === undefined ? {} : { opensAt: state.opensAt })
    }
  const closesAt = nextClosing(window, now)
  return { _tag: "Open", ...(closesAt === undefined ? {} : { closesAt }) }
}
