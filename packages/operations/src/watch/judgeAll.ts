import {
  accountFor,
  type AuditEntry,
  AuditLog,
  type AuditUnavailable,
  type Campaign,
  type CampaignGateway,
  type CampaignId,
  type CampaignState,
  seenState
} from "@campaignctl/core"
import { Effect } from "effect"
import { judge } from "./judge.ts"
import type { Kept } from "./Kept.ts"
import { clearUp, tell } from "./tell.ts"
import type { View } from "./View.ts"

/** Suspicions that are cleared up at once: an Edge that fails stops every campaign on it. */
const CLEAR_AT_ONCE = 8
/** Milliseconds before a change that one of us has under way is looked at again: it ends within a request. */
const UNDER_WAY_MS = 200
/** Milliseconds before that is tried again for which Genesys did not answer. */
const UNANSWERED_MS = 2_000

/** That a campaign is to be judged again. */
export interface Again {
  readonly afterMs: number
  /** Why it could not be told of, as a sentence; absent where it was not yet to be told of. */
  readonly why?: string
}

/**
 * Judges what the campaigns show, writes down what none of us has done, and keeps what is settled so.
 * Gives those that are to be judged again.
 */
export const judgeAll = Effect.fnUntraced(function* (
  view: View,
  kept: Map<CampaignId, Kept>,
  ids: ReadonlyArray<CampaignId>
): Effect.fn.Return<ReadonlyMap<CampaignId, Again>, AuditUnavailable, CampaignGateway | AuditLog> {
  const ledger = yield* AuditLog
  const words = yield* ledger.lastApplied(ids)
  const later = new Map<CampaignId, Again>()
  const put = ({ id, lock, status }: Campaign, state: CampaignState, toldIn: number): void =>
    void kept.set(id, { campaignId: id, lock, status, state, toldIn, covered: false })

  const one = Effect.fnUntraced(function* (campaign: Campaign, word: AuditEntry | undefined) {
    const { id, lock, status } = campaign
    const before = kept.get(id)
    const { judged, state, toldIn } = judge(before, campaign, word)
    const isNews = before?.lock !== lock || before.status !== status
    if (judged._tag === "Known") put(campaign, state, toldIn)
    if (judged._tag === "Known" && !isNews) return
    // A change of ours that is under way may have taken effect before this, and is told of after it.
    const account = yield* accountFor(id, toldIn)
    const again = (afterMs: number): void => void later.set(id, { afterMs })
    if (account !== "nobody") return again(account === "told" ? 0 : UNDER_WAY_MS)
    if (judged._tag === "Known") return
    if (judged._tag === "Observed") {
      yield* tell(campaign, { kind: "observed", state, previousState: judged.previousState })
      return put(campaign, state, toldIn)
    }
    const cleared = yield* clearUp(campaign, before, word)
    if (cleared._tag === "UnderWay") return again(UNDER_WAY_MS)
    if (cleared._tag === "Stale") return again(UNANSWERED_MS)
    const read = cleared.campaign
    view.hear({ ...read, receivedAt: read.observedAt })
    if (cleared._tag === "Explained") return again(0)
    return put(read, seenState(read.status), cleared.sequence)
  })

  yield* Effect.forEach(
    ids,
    (id) => {
      const campaign = view.campaigns.get(id)?.campaign
      return campaign === undefined
        ? Effect.void
        : one(campaign, words.get(id)).pipe(
            // It is gone: the next list leaves it out.
            Effect.catchTag("CampaignNotFound", () => Effect.void),
            Effect.catch(({ message }) =>
              Effect.sync(
                () =>
                  void later.set(id, {
                    afterMs: UNANSWERED_MS,
                    why: `A change of “${campaign.name}” cannot be told of yet: ${message}`
                  })
              )
            )
          )
    },
    { concurrency: CLEAR_AT_ONCE, discard: true }
  )
  return later
})
