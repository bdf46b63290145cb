import {
  type AgentCapacity,
  type Campaign,
  type CampaignId,
  isDialling,
  seenState,
  type SlotsFact
} from "@campaignctl/core"
import { Effect, Ref } from "effect"
import type { ItemStatus } from "../domain/OperationItem.ts"
import type { CarriedItem, Carrier, ItemChange, Overtaken } from "../engine/Carrier.ts"
import type { Transitions } from "../ports/Transitions.ts"
import { countAgents } from "./agents.ts"
import { changeItem, type ChangePlan, type Learned } from "./changeItem.ts"
import { placesFor } from "./places.ts"

/** Milliseconds between looks whether a paused operation was resumed: a person waits for it. */
export const PAUSE_LOOK_MS = 500
/** Milliseconds before a campaign is tried again whose change was put off, where nobody said how long. */
const PUT_OFF_MS = 1_000
/** Milliseconds between looks at a change that another process began and that cannot be settled yet. */
const OPEN_LOOK_MS = 2_000

const isThere = ({ stateBefore }: CarriedItem): boolean => stateBefore !== null

/** What the operation's campaigns are changed with. */
export interface Work extends ChangePlan {
  readonly concurrency: number
  readonly maxFailures: number | null
  /** The campaigns as they were just listed. */
  readonly seen: ReadonlyMap<CampaignId, Campaign>
  readonly slots: SlotsFact | undefined
}

/** Why no more campaigns were begun. */
export type Stopped = "done" | "cancelled" | "too-many-failures"

const FAILURES: ReadonlySet<ItemStatus> = new Set<ItemStatus>(["rejected", "failed", "unknown"])

/**
 * Changes every campaign of an operation that is not changed yet, so many at once, until all are, or
 * somebody cancels, or more than allowed have failed. What an earlier process had begun is settled
 * first; what of it cannot be settled yet is asked for last.
 */
export const changeAll = Effect.fnUntraced(function* (
  carrier: Carrier,
  work: Work
): Effect.fn.Return<Stopped, Overtaken, Transitions | AgentCapacity> {
  const { concurrency, maxFailures } = work
  const begun = yield* carrier.items(["running"])
  const waiting = yield* carrier.items(["pending"])
  // An id that no campaign has keeps nothing from being done: a stop of the others must not wait for a typo.
  const failedBefore = (yield* carrier.items([...FAILURES])).filter(isThere).length
  const failures = yield* Ref.make(failedBefore)
  const stopped = yield* Ref.make<Stopped>("done")
  const learn = yield* learning(work)
  const inPlace = yield* placesFor(work)

  const put = Effect.fnUntraced(function* (item: CarriedItem, change: ItemChange) {
    yield* carrier.put(item.position, change)
    if (!FAILURES.has(change.status)) return
    const count = yield* Ref.updateAndGet(failures, (number) => number + 1)
    if (maxFailures !== null && count > maxFailures) yield* Ref.set(stopped, "too-many-failures")
  })

  /** Tries one campaign until something has come of it; false where it must be asked for later. */
  const settleBegun = Effect.fnUntraced(function* (item: CarriedItem) {
    // Whatever was asked, since it was begun; but another process that carries on sees to it itself.
    yield* carrier.asked
    const tried = yield* changeItem(work, item, {}, true)
    if (tried._tag !== "Ended") return false
    yield* put(item, tried.change)
    return true
  })

  const one = Effect.fnUntraced(function* (item: CarriedItem) {
    while ((yield* Ref.get(stopped)) === "done") {
      const claimed = yield* carrier.claim(item.position)
      if (claimed === "settled") return
      if (claimed === "cancel") return yield* Ref.set(stopped, "cancelled")
      if (claimed === "pause") {
        yield* Effect.sleep(PAUSE_LOOK_MS)
        continue
      }
      const { hasPlace, learned } = yield* learn(item.campaignId)
      const tried = yield* inPlace(hasPlace, (slots) =>
        changeItem(work, item, slots === undefined ? learned : { ...learned, slots }, false)
      )
      if (tried._tag === "Open") return yield* leaveOpen(item)
      if (tried._tag === "Ended") return yield* put(item, tried.change)
      yield* carrier.put(item.position, { status: "pending", detail: tried.why })
      yield* Effect.sleep(tried.retryAfterMs ?? PUT_OFF_MS)
    }
  })

  const open: Array<CarriedItem> = []
  const leaveOpen = (item: CarriedItem) => Effect.sync(() => void open.push(item))

  yield* Effect.forEach(
    begun,
    (item) =>
      Effect.flatMap(settleBegun(item), (settled) => (settled ? Effect.void : leaveOpen(item))),
    { concurrency, discard: true }
  )
  if (maxFailures !== null && (yield* Ref.get(failures)) > maxFailures)
    yield* Ref.set(stopped, "too-many-failures")
  yield* Effect.forEach(waiting, one, { concurrency, discard: true })
  // The settling of what is open is no beginning: neither a pause nor a cancellation holds it up.
  yield* Effect.forEach(
    open,
    (item) =>
      Effect.gen(function* () {
        while (!(yield* settleBegun(item))) yield* Effect.sleep(OPEN_LOOK_MS)
      }),
    { concurrency, discard: true }
  )
  if ((yield* carrier.asked) === "cancel") yield* Ref.set(stopped, "cancelled")
  return yield* Ref.get(stopped)
})

/** What is known of each campaign from the list, and of the queues from one count for all of them. */
const learning = Effect.fnUntraced(function* ({ change, seen }: Work) {
  const agentsOf = yield* countAgents(change, [...seen.values()])
  return Effect.fnUntraced(function* (id: CampaignId): Effect.fn.Return<KnownCampaign> {
    const campaign = seen.get(id)
    if (campaign === undefined) return { learned: {}, hasPlace: false }
    const capacity = yield* agentsOf(campaign)
    return {
      learned: { seen: campaign, ...(capacity === undefined ? {} : { capacity }) },
      hasPlace: isDialling(seenState(campaign.status))
    }
  })
})

interface KnownCampaign {
  readonly learned: Omit<Learned, "slots">
  /** Whether it held one of the organisation's places when it was listed. */
  readonly hasPlace: boolean
}
