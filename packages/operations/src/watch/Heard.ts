import { AuditLog, type CampaignId, isOlder } from "@campaignctl/core"
import { Clock, Context, Effect, Layer } from "effect"
import type { OperationItem } from "../domain/OperationItem.ts"
import { BEAT_MS } from "./watch.ts"
import { WatchStore } from "./WatchStore.ts"

/** Signs of life that may be missing before the watch is taken to have ended, and clocks may differ by. */
const MISSED_BEATS = 5

/**
 * What the watch, in whichever process it runs, has heard of campaigns, for whoever waits for a change
 * of them and need not ask Genesys then. No watch has heard of anything, unless there is one.
 */
export class Heard extends Context.Reference<{
  /**
   * The statuses of those campaigns of which every change is heard; undefined where what was heard is older
   * than the ledger's newest word on the campaign, so that the change is still to be heard of. Campaigns
   * of which nothing is certain are absent: also where the item's own entry brought the campaign to
   * nothing, because it was as wanted, so that nothing tells under which lock it was so.
   */
  readonly of: (
    items: ReadonlyArray<Pick<OperationItem, "auditSequence" | "campaignId">>
  ) => Effect.Effect<ReadonlyMap<CampaignId, string | undefined>>
}>("@campaignctl/operations/Heard", {
  defaultValue: () => ({ of: () => Effect.succeed(new Map()) })
}) {}

/** What the watch of the cluster has written down. Where the database does not answer, nothing is certain. */
export const layerHeard: Layer.Layer<never, never, WatchStore | AuditLog> = Layer.effect(
  Heard,
  Effect.gen(function* () {
    const store = yield* WatchStore
    const ledger = yield* AuditLog
    const read = Effect.fnUntraced(function* (
      items: ReadonlyArray<Pick<OperationItem, "auditSequence" | "campaignId">>
    ) {
      const since = new Map(items.map((item) => [item.campaignId, item.auditSequence ?? 0]))
      const ids = [...since.keys()]
      const heard = new Map<CampaignId, string | undefined>()
      const now = yield* Clock.currentTimeMillis
      const beat = yield* store.beat
      if (beat === null || Math.abs(now - beat.at) > MISSED_BEATS * BEAT_MS) return heard
      const rows = yield* store.of(ids)
      const words = yield* ledger.lastApplied(ids)
      for (const { campaignId, covered, lock, status } of rows) {
        const word = words.get(campaignId)
        const told = word?.lockAfter ?? word?.lockBefore
        const isOfItem = word !== undefined && word.sequence >= (since.get(campaignId) ?? 0)
        if (covered && isOfItem && told !== undefined && told !== null)
          heard.set(campaignId, isOlder(lock, told) ? undefined : status)
      }
      return heard
    })
    return { of: (items) => Effect.orElseSucceed(read(items), () => new Map()) }
  })
)
