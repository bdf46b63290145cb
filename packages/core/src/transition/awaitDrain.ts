import { Duration, Effect } from "effect"
import type { Campaign, CampaignId } from "../campaign/Campaign.ts"
import { isKnownStatus, seenState } from "../campaign/stateOf.ts"
import type { CampaignState } from "../campaign/State.ts"
import type { GatewayError } from "../errors/errors.ts"
import { CampaignGateway, type GatewayCapabilities } from "../ports/CampaignGateway.ts"
import { attribute, spans } from "../telemetry/spans.ts"
import { annotate, traced } from "../telemetry/traced.ts"
import { type DrainEnd, report } from "./Progress.ts"
import { elapsedMs, retryingReads, type RunClock, startRun, waitFor } from "./retrying.ts"

/** How long and how often to look. */
export interface DrainOptions {
  /** Give up waiting after this long; the campaign goes on draining. */
  readonly deadline: Duration.Input
}

/**
 * How the wait ended.
 *
 * - `Drained`: Genesys shows that no call runs any more
 * - `StillDraining`: the deadline passed first; the pause itself stands
 * - `Resumed`: somebody turned the campaign on again while we waited
 * - `NotShown`: it is not told whether calls still run, by this contract or by a status that we do
 *   not know and that stayed until the deadline
 */
export interface DrainResult {
  readonly _tag: DrainEnd
  readonly campaign: Campaign
  readonly state: CampaignState
  /** Milliseconds from the first look to the last. */
  readonly waitedMs: number
  readonly polls: number
}

/**
 * Milliseconds between looks: 1 s at first, because many drains are short, growing by half to 10 s,
 * the interval at which Genesys' own Terraform provider polls a campaign that stops.
 */
const FIRST_POLL_MS = 1_000
const POLL_GROWTH = 1.5
const LAST_POLL_MS = 10_000

/** Waits until a campaign that was told to stop has no call running, or the deadline passes. */
export const awaitDrain = traced(spans.awaitDrain.name)(function* (
  id: CampaignId,
  { deadline }: DrainOptions
): Effect.fn.Return<DrainResult, GatewayError, CampaignGateway> {
  yield* annotate(() => ({ [attribute.campaignId]: id }))
  const gateway = yield* CampaignGateway
  const clock = yield* startRun
  const deadlineMs = Duration.toMillis(Duration.fromInputUnsafe(deadline))
  let pollMs = FIRST_POLL_MS
  for (let polls = 1; ; polls++) {
    const campaign = yield* retryingReads(clock, gateway.get(id))
    const state = seenState(campaign.status)
    const waitedMs = yield* elapsedMs(clock)
    const end = endOf(gateway.capabilities, campaign, waitedMs >= deadlineMs)
    if (end !== undefined) {
      yield* annotate(() => ({ [attribute.result]: end }))
      yield* report({ _tag: "DrainEnded", result: end, waitedMs })
      return { _tag: end, campaign, state, waitedMs, polls }
    }
    yield* reportPoll(campaign, clock)
    yield* waitFor("drain", Math.max(0, Math.min(pollMs, deadlineMs - waitedMs)))
    pollMs = Math.min(LAST_POLL_MS, pollMs * POLL_GROWTH)
  }
})

/** How the wait has ended, or undefined where it goes on. */
const endOf = (
  { showsDrain }: GatewayCapabilities,
  { status }: Campaign,
  late: boolean
): DrainEnd | undefined => {
  const state = seenState(status)
  if (state === "active") return "Resumed"
  if (!showsDrain) return "NotShown"
  // It may be one in which calls run.
  if (!isKnownStatus(status)) return late ? "NotShown" : undefined
  if (state !== "draining") return "Drained"
  return late ? "StillDraining" : undefined
}

/** Tells who follows how many calls still run; a count that cannot be read is left out, not waited for. */
const reportPoll = Effect.fnUntraced(function* (
  campaign: Campaign,
  clock: RunClock
): Effect.fn.Return<void, never, CampaignGateway> {
  const gateway = yield* CampaignGateway
  const outstandingCalls = yield* Effect.catch(gateway.outstandingCalls(campaign.id), () =>
    Effect.succeed(undefined)
  )
  yield* report({
    _tag: "DrainPolled",
    campaign,
    outstandingCalls,
    waitedMs: yield* elapsedMs(clock)
  })
})
