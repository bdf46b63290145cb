import {
  CampaignGateway,
  type CampaignState,
  isKnownStatus,
  retryingReads,
  seenState,
  startRun
} from "@campaignctl/core"
import { Clock, Effect, Stream } from "effect"
import type { CarriedItem, Carrier, Overtaken } from "../engine/Carrier.ts"
import { Heard } from "../watch/Heard.ts"
import { PAUSE_LOOK_MS } from "./changeAll.ts"

/**
 * Milliseconds between looks: 1 s at first, because many drains are short, growing by half to 10 s, the
 * interval at which Genesys' own Terraform provider polls a campaign that stops.
 */
const FIRST_LOOK_MS = 1_000
const LOOK_GROWTH = 1.5
const LAST_LOOK_MS = 10_000
/** Milliseconds between looks at what was heard, which cost Genesys nothing. */
const HEARD_LOOK_MS = 500

/**
 * Waits until the calls of every campaign that drains have ended, or its deadline has passed. What
 * is heard of a campaign costs no request; of the others it looks at a hundred with one. The deadlines
 * are in the tables, so that a process that takes the operation up waits for what is left of them.
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
    const { asked: listed, statusOf } = yield* sight(draining, now)
    const left: Array<CarriedItem> = []
    for (const item of draining) {
      const end = endOf(item, statusOf(item), now)
      if (end === undefined) left.push(item)
      else yield* ended(carrier, item, end.detail, end.state)
    }
    if (left.length === 0) continue
    const next = Math.min(...left.map(({ drainUntil }) => (drainUntil ?? now) - now))
    yield* Effect.sleep(next > 0 ? Math.min(listed ? lookMs : HEARD_LOOK_MS, next) : 0)
    if (listed) lookMs = Math.min(LAST_LOOK_MS, lookMs * LOOK_GROWTH)
  }
})

/** What is known of a campaign's status: in the words of the wire contract, that it is gone, or nothing. */
type Shown = { readonly status: string } | "gone" | "unknown"

/**
 * The campaigns as they are now: as they were heard of, and listed where nothing is certain. What is heard
 * is made sure of where it would end the wait badly: somebody has turned a campaign on, or its deadline
 * has passed.
 */
const sight = Effect.fnUntraced(function* (draining: ReadonlyArray<CarriedItem>, now: number) {
  const { of } = yield* Heard
  const heard = yield* of(draining)
  const isSure = (item: CarriedItem): boolean => {
    const status = heard.get(item.campaignId)
    return (
      heard.has(item.campaignId) &&
      !isLate(item, now) &&
      (status === undefined || seenState(status) !== "active")
    )
  }
  const unsure = draining.filter((item) => !isSure(item))
  const listed = unsure.length === 0 ? undefined : yield* look(unsure)
  const statusOf = (item: CarriedItem): Shown => {
    if (isSure(item)) {
      const status = heard.get(item.campaignId)
      return status === undefined ? "unknown" : { status }
    }
    return listed === undefined ? "unknown" : (listed.get(item.campaignId) ?? "gone")
  }
  return { asked: unsure.length > 0, statusOf }
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

const isLate = ({ drainUntil }: CarriedItem, now: number): boolean =>
  drainUntil === null || now >= drainUntil

/** How the wait for one campaign has ended, or undefined where it goes on. */
const endOf = (item: CarriedItem, shown: Shown, now: number): End | undefined => {
  const late = isLate(item, now)
  if (shown === "gone") return { detail: "The campaign is not there any more." }
  if (shown === "unknown")
    return late ? { detail: "Genesys did not say whether the calls have ended." } : undefined
  const state = seenState(shown.status)
  if (state === "active") return { state, detail: "Somebody turned it on again during the drain." }
  if (isKnownStatus(shown.status) && state !== "draining") return { state, detail: null }
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
