import {
  type Campaign,
  CampaignGateway,
  type CampaignState,
  isKnownStatus,
  retryingReads,
  seenState,
  startRun
} from "@campaignctl/core"
import { Clock, Effect, Stream } from "effect"
import type { CarriedItem, Carrier, Overtaken } from "../engine/Carrier.ts"
import { PAUSE_LOOK_MS } from "./changeAll.ts"

/**
 * Milliseconds between looks: 1 s at first, because many drains are short, growing by half to 10 s, the
 * interval at which Genesys' own Terraform provider polls a campaign that stops.
 */
const FIRST_LOOK_MS = 1_000
const LOOK_GROWTH = 1.5
const LAST_LOOK_MS = 10_000

/**
 * Waits until the calls of every campaign that drains have ended, or its deadline has passed. It looks
 * at a hundred campaigns with one request. The deadlines are in the tables, so that a process that
 * takes the operation up waits for what is left of them.
 */
export const awaitDrains = Effect.fnUntraced(function* (
  carrier: Carrier
): Effect.fn.Return<"done" | "cancelled", Overtaken, CampaignGateway> {
  let lookMs = FIRST_LOOK_MS
  while (true) {
    const draining = yield* carrier.items(["draining"])
    if (draining.length === 0) return "done"
    const asked = yield* carrier.asked
    if (asked === "cancel") {
      yield* Effect.forEach(draining, (item) => ended(carrier, item, "No longer waited for."))
      return "cancelled"
    }
    if (asked === "pause") {
      yield* Effect.sleep(PAUSE_LOOK_MS)
      continue
    }
    const now = yield* Clock.currentTimeMillis
    const shown = yield* look(draining)
    const left: Array<CarriedItem> = []
    for (const item of draining) {
      const end = endOf(item, shown?.get(item.campaignId), shown !== undefined, now)
      if (end === undefined) left.push(item)
      else yield* ended(carrier, item, end.detail, end.state)
    }
    if (left.length === 0) continue
    const next = Math.min(...left.map(({ drainUntil }) => (drainUntil ?? now) - now))
    yield* Effect.sleep(next > 0 ? Math.min(lookMs, next) : 0)
    lookMs = Math.min(LAST_LOOK_MS, lookMs * LOOK_GROWTH)
  }
})

/** The campaigns as they are now; undefined where Genesys did not say. */
const look = Effect.fnUntraced(function* (draining: ReadonlyArray<CarriedItem>) {
  const gateway = yield* CampaignGateway
  const list = Stream.runCollect(
    gateway.list({ ids: draining.map(({ campaignId }) => campaignId) })
  ).pipe(Effect.map((pages) => pages.flatMap(({ campaigns }) => campaigns)))
  return yield* retryingReads(yield* startRun, list).pipe(
    Effect.map((campaigns) => new Map(campaigns.map((campaign) => [campaign.id, campaign]))),
    // Looked at again at the next turn; the deadline ends it where Genesys stays silent.
    Effect.catch((error) =>
      Effect.as(Effect.logWarning(`The drains could not be looked at: ${error.message}`), undefined)
    )
  )
})

interface End {
  readonly detail: string | null
  readonly state?: CampaignState
}

/** How the wait for one campaign has ended, or undefined where it goes on. */
const endOf = (
  { drainUntil }: CarriedItem,
  campaign: Campaign | undefined,
  answered: boolean,
  now: number
): End | undefined => {
  const late = drainUntil === null || now >= drainUntil
  if (campaign === undefined)
    return answered
      ? { detail: "The campaign is not there any more." }
      : late
        ? { detail: "Genesys did not say whether the calls have ended." }
        : undefined
  const state = seenState(campaign.status)
  if (state === "active") return { state, detail: "Somebody turned it on again during the drain." }
  if (isKnownStatus(campaign.status) && state !== "draining") return { state, detail: null }
  return late
    ? { state, detail: "Calls still run: the deadline for the drain has passed." }
    : undefined
}

const ended = (
  carrier: Carrier,
  { attempts, auditSequence, position, stateAfter }: CarriedItem,
  detail: string | null,
  state: CampaignState | null = stateAfter
): Effect.Effect<void> =>
  carrier.put(position, { status: "applied", stateAfter: state, detail, auditSequence, attempts })
