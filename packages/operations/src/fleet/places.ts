import { Settings, type SlotsFact } from "@campaignctl/core"
import { Effect, Semaphore } from "effect"
import type { OperationChange } from "../domain/Operation.ts"
import type { Tried } from "./changeItem.ts"

/** What the organisation's places for campaigns that are on are counted for. */
export interface Counting {
  readonly change: OperationChange
  readonly slots: SlotsFact | undefined
}

/**
 * Keeps the count of places true while an operation starts several campaigns at once: no more starts
 * are under way than places are free, so that none is decided on a count that another is about to
 * change. Once none is free each is decided by itself, and refused.
 */
export const placesFor = Effect.fnUntraced(function* ({ change, slots }: Counting) {
  const uncounted = slots?._tag !== "SlotsCounted" || change.target !== "active"
  const { activeLimit } = (yield* Settings).guards
  const listed = slots?._tag === "SlotsCounted" ? slots.inUse : 0
  let inUse = listed
  const overridden = change.overrides?.some(({ guard }) => guard === "slots") ?? false
  const free = yield* Semaphore.make(Math.max(1, activeLimit - inUse))

  /** Makes one try; `hasPlace` where the campaign holds a place already, as one that drains does. */
  return <E, R>(
    hasPlace: boolean,
    one: (slots: SlotsFact | undefined) => Effect.Effect<Tried, E, R>
  ): Effect.Effect<Tried, E, R> => {
    if (uncounted) return one(slots)
    const counted = Effect.map(
      Effect.suspend(() => one({ _tag: "SlotsCounted", inUse, started: inUse - listed })),
      (tried) => {
        const takes = !hasPlace && mayHaveStarted(tried)
        if (takes) inUse += 1
        return { takes, tried }
      }
    )
    if (overridden) return Effect.map(counted, ({ tried }) => tried)
    return Effect.uninterruptibleMask((restore) =>
      Effect.gen(function* () {
        yield* restore(free.take(1))
        const { takes, tried } = yield* Effect.onError(restore(counted), () => free.release(1))
        // A place that was taken stays taken; the last one goes on to those that will be refused.
        if (!takes || inUse >= activeLimit) yield* free.release(1)
        return tried
      })
    )
  }
})

/** What cannot be known counts as started, because starting fails closed. */
const mayHaveStarted = (tried: Tried): boolean =>
  tried._tag === "Open" ||
  (tried._tag === "Ended" &&
    (tried.change.status === "unknown" ||
      (tried.change.status === "applied" && tried.change.stateAfter === "active")))
