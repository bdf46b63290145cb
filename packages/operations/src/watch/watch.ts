import {
  type AuditLog,
  CampaignEvents,
  type CampaignGateway,
  type CampaignId,
  type CampaignNews,
  CurrentBudgetClass,
  pagesOf
} from "@campaignctl/core"
import { Clock, Effect, Latch, Option, Queue, type Scope, Stream } from "effect"
import { makeCover } from "./Cover.ts"
import { judgeAll } from "./judgeAll.ts"
import type { Kept } from "./Kept.ts"
import type { Overview } from "./Overview.ts"
import { makeView } from "./View.ts"
import { WatchStore } from "./WatchStore.ts"

/** What the watch needs. It takes `CampaignEvents` too where they are provided; without them it lists. */
export type WatchPorts = CampaignGateway | AuditLog | WatchStore

/**
 * Milliseconds between two lists of all campaigns while every change is heard of: for events that were
 * lost without a sign, and for campaigns that were created since.
 */
export const LIST_COVERED_MS = 600_000
/** While some are not heard of: a page of a hundred campaigns costs one of 300 requests a minute. */
const LIST_UNCOVERED_MS = 60_000
/** After a list that failed: soon, as whatever comes up together is up within seconds. */
const LIST_AGAIN_MS = 10_000
/** Milliseconds for which several connections may come up before all campaigns are listed once for all of them. */
const COVER_TOGETHER_MS = 200
/** Milliseconds before a ledger that did not answer is asked again. */
const LEDGER_AGAIN_MS = 2_000
/** Milliseconds between signs of life. */
export const BEAT_MS = 2_000

/**
 * Watches every campaign: hears what Genesys tells, lists where it tells nothing, and writes down what
 * none of us has done: changes made elsewhere, drains that ended, lists that ran out. Run it in one
 * process at a time.
 *
 * Gives the overview at once; the watch goes on beside until the scope closes.
 */
export const watch: Effect.Effect<Overview, never, WatchPorts | Scope.Scope> = Effect.gen(
  function* () {
    const view = makeView()
    const cover = makeCover()
    const changed = yield* Latch.make(false)
    yield* Effect.forkScoped(watching(view, cover, changed))
    return {
      campaigns: () =>
        view.campaigns.size > 0 && cover.certain() >= view.campaigns.size
          ? [...view.campaigns.values()]
          : undefined,
      nextChange: Effect.andThen(changed.await, changed.close)
    }
  }
)

const watching = Effect.fnUntraced(
  function* (
    view: ReturnType<typeof makeView>,
    cover: ReturnType<typeof makeCover>,
    changed: Latch.Latch
  ): Effect.fn.Return<never, never, WatchPorts | Scope.Scope> {
    const store = yield* WatchStore
    const events = Option.getOrUndefined(yield* Effect.serviceOption(CampaignEvents))
    const heard = yield* Queue.unbounded<CampaignNews>()
    if (events !== undefined)
      yield* Effect.forkScoped(Stream.runForEach(events.news, (news) => Queue.offer(heard, news)))
    const kept = new Map<CampaignId, Kept>()
    const due = new Map<CampaignId, number>()
    let listedAt: number | null = null
    let nextList = 0
    let nextBeat = 0

    /** Takes one piece of news; gives the campaigns of which nothing is certain any more. */
    const take = (news: CampaignNews, now: number): ReadonlyArray<CampaignId> => {
      if (news._tag === "Seen") {
        const { id } = news.campaign
        if (view.hear(news.campaign)) due.set(id, now)
        else if (!view.campaigns.has(id)) nextList = Math.min(nextList, now + COVER_TOGETHER_MS)
        return []
      }
      const { ids } = news
      const before = ids.filter(cover.isCertain)
      if (news._tag === "Covered") cover.covered(ids)
      else cover.lost(ids)
      nextList = Math.min(nextList, now + COVER_TOGETHER_MS)
      return before
    }

    const keep = (ids: ReadonlyArray<CampaignId>, gone: ReadonlyArray<CampaignId> = []) =>
      Effect.suspend(() => {
        const rows = ids.flatMap((id) => {
          const row = kept.get(id)
          if (row === undefined) return []
          const now = { ...row, covered: cover.isCertain(id) }
          kept.set(id, now)
          return [now]
        })
        return store.save(rows, gone)
      })

    const list = Effect.gen(function* () {
      const askedAt = yield* Clock.currentTimeMillis
      const listed = cover.listing()
      const pages = yield* Stream.runCollect(pagesOf({}))
      const { gone } = view.list(pages.flat(), askedAt)
      const certain = listed()
      listedAt = askedAt
      const now = yield* Clock.currentTimeMillis
      for (const id of view.campaigns.keys()) due.set(id, now)
      for (const id of gone) {
        due.delete(id)
        kept.delete(id)
      }
      cover.lost(gone)
      yield* keep(certain, gone)
      if (events !== undefined) yield* events.follow([...view.campaigns.keys()])
      const all = cover.certain() >= view.campaigns.size
      nextList = Math.max(now, askedAt + (all ? LIST_COVERED_MS : LIST_UNCOVERED_MS))
      if (cover.isAwaited()) nextList = now + COVER_TOGETHER_MS
    })

    const beat = Effect.gen(function* () {
      const at = yield* Clock.currentTimeMillis
      nextBeat = at + BEAT_MS
      yield* store.saveBeat({
        at,
        campaigns: view.campaigns.size,
        covered: cover.certain(),
        listedAt,
        available: events?.available ?? false
      })
    })

    const judging = Effect.gen(function* () {
      const now = yield* Clock.currentTimeMillis
      const ids = [...due].flatMap(([id, at]) => (at <= now ? [id] : []))
      if (ids.length === 0) return
      // Until it is known what came of it, also where the ledger does not answer.
      for (const id of ids) due.set(id, now + LEDGER_AGAIN_MS)
      const later = yield* judgeAll(view, kept, ids)
      for (const id of ids) due.delete(id)
      for (const [id, afterMs] of later) if (view.campaigns.has(id)) due.set(id, now + afterMs)
      yield* keep(ids)
      changed.openUnsafe()
    })

    const warned = yield* warnOnce
    const start = Effect.gen(function* () {
      yield* store.uncoverAll
      for (const row of yield* store.load) kept.set(row.campaignId, { ...row, covered: false })
    })
    while ((yield* warned("The watch cannot begin yet", start)) === "failed")
      yield* Effect.sleep(LIST_AGAIN_MS)
    for (;;) {
      const now = yield* Clock.currentTimeMillis
      if (now >= nextBeat) yield* warned("The watch cannot say that it lives", beat)
      if (now >= nextList) {
        nextList = now + LIST_AGAIN_MS
        yield* warned("The watch could not list the campaigns", list)
      }
      yield* warned("The watch could not judge what it saw", judging)
      const wakeAt = Math.min(nextBeat, nextList, ...due.values())
      const patience = Math.max(0, wakeAt - (yield* Clock.currentTimeMillis))
      const news = yield* Effect.timeoutOption(Queue.takeAll(heard), patience)
      if (Option.isNone(news)) continue
      const at = yield* Clock.currentTimeMillis
      const uncertain = news.value.flatMap((one) => take(one, at))
      yield* warned("The watch could not write down what is not heard of", keep(uncertain))
    }
  },
  Effect.provideService(CurrentBudgetClass, "guard")
)

/** Runs something that may fail, and warns of it once until it succeeds again. */
const warnOnce = Effect.sync(() => {
  const failing = new Set<string>()
  return <R>(
    what: string,
    effect: Effect.Effect<void, { readonly message: string }, R>
  ): Effect.Effect<"done" | "failed", never, R> =>
    Effect.matchEffect(effect, {
      onSuccess: () =>
        Effect.as(
          failing.delete(what) ? Effect.logInfo(`${what}: that is over.`) : Effect.void,
          "done" as const
        ),
      onFailure: ({ message }) =>
        Effect.as(
          failing.has(what) ? Effect.void : Effect.logWarning(`${what}: ${message}`),
          "failed" as const
        ).pipe(Effect.tap(() => Effect.sync(() => failing.add(what))))
    })
})
