import {
  type AuditLog,
  CampaignEvents,
  type CampaignGateway,
  type CampaignId,
  type CampaignNews,
  CurrentBudgetClass,
  pagesOf,
  report
} from "@campaignctl/core"
import { Clock, Effect, Latch, Option, Queue, type Scope, Stream } from "effect"
import { type Cover, makeCover } from "./Cover.ts"
import { type Again, judgeAll } from "./judgeAll.ts"
import type { Kept } from "./Kept.ts"
import type { Overview } from "./Overview.ts"
import { makeView, type View } from "./View.ts"
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
/** The same for each page of a long list, so that lists take a tenth of those requests at most. */
const PAGE_UNCOVERED_MS = 2_000
/**
 * After a list that failed: soon, as whatever comes up together is up within seconds; twice as long each
 * time. After a connection broke too, which is back by then more often than not and has all listed.
 */
const LIST_AGAIN_MS = 10_000
/** Milliseconds for which several connections may come up before all campaigns are listed once for all of them. */
const COVER_TOGETHER_MS = 200
/** Milliseconds before a ledger that did not answer is asked again. */
const LEDGER_AGAIN_MS = 2_000
/**
 * Milliseconds between judgements of a campaign that is to be judged once more each time, at first and
 * at most: what is neither told of nor settled for an hour costs little, and is told of soon after.
 */
const FIRST_AGAIN_MS = 200
const LAST_AGAIN_MS = 30_000
/**
 * News taken in between two turns: those of a thousand campaigns that change at once. More wait with
 * whoever tells them, who bounds what waits for a watch that stands still.
 */
const NEWS_AT_ONCE = 1_024
/** Milliseconds between signs of life. */
export const BEAT_MS = 2_000
/** Milliseconds after which a watch that is busy has not taken in what was heard: it does so at every beat. */
const BUSY_MS = 5 * BEAT_MS

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
    const due = new Map<CampaignId, number>()
    const turn = { at: Number.NEGATIVE_INFINITY }
    yield* Effect.addFinalizer(() => report({ _tag: "WatchSeen", heard: 0, listed: 0 }))
    yield* Effect.forkScoped(watching(view, cover, changed, due, turn))
    return {
      campaigns: (now) =>
        hearsAll(view, cover) && now - turn.at <= BUSY_MS
          ? [...view.campaigns.values()]
          : undefined,
      listed: (campaigns, askedAt) => {
        for (const id of view.listSome(campaigns, askedAt)) due.set(id, askedAt)
      },
      nextChange: Effect.andThen(changed.await, changed.close)
    }
  }
)

const hearsAll = (view: View, cover: Cover): boolean =>
  view.campaigns.size > 0 && cover.certain() >= view.campaigns.size

const watching = Effect.fnUntraced(
  function* (
    view: View,
    cover: Cover,
    changed: Latch.Latch,
    /** Campaigns that are to be judged, and when. */
    due: Map<CampaignId, number>,
    /** When it began to do the next thing. */
    turn: { at: number }
  ): Effect.fn.Return<never, never, WatchPorts | Scope.Scope> {
    const store = yield* WatchStore
    const events = Option.getOrUndefined(yield* Effect.serviceOption(CampaignEvents))
    const heard = yield* Queue.bounded<CampaignNews>(NEWS_AT_ONCE)
    if (events !== undefined)
      yield* Effect.forkScoped(Stream.runForEach(events.news, (news) => Queue.offer(heard, news)))
    const kept = new Map<CampaignId, Kept>()
    const tries = new Map<CampaignId, number>()
    const unanswered = new Map<CampaignId, string>()
    const warned = yield* warnOnce
    let listedAt: number | null = null
    let failedLists = 0
    let nextList = 0
    let nextBeat = 0

    /** Takes one piece of news; gives the campaigns of which nothing is certain any more. */
    const take = (news: CampaignNews, now: number): ReadonlyArray<CampaignId> => {
      if (news._tag === "Seen") {
        const { id } = news.campaign
        if (view.hear(news.campaign)) {
          due.set(id, now)
          tries.delete(id)
        } else if (!view.campaigns.has(id)) nextList = Math.min(nextList, now + COVER_TOGETHER_MS)
        return []
      }
      const { ids } = news
      const before = ids.filter(cover.isCertain)
      const isCovered = news._tag === "Covered"
      if (isCovered) cover.covered(ids)
      else cover.lost(ids)
      nextList = Math.min(nextList, now + (isCovered ? COVER_TOGETHER_MS : LIST_AGAIN_MS))
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
      const left = view.list(pages.flat(), askedAt).gone
      const certain = listed((id) => view.campaigns.has(id))
      // Also those that were deleted while nobody watched.
      const forgotten = [...kept.keys()].filter((id) => !view.campaigns.has(id))
      const gone = [...new Set([...left, ...forgotten])]
      listedAt = askedAt
      const now = yield* Clock.currentTimeMillis
      for (const id of view.campaigns.keys()) due.set(id, now)
      for (const id of gone) {
        due.delete(id)
        tries.delete(id)
        unanswered.delete(id)
      }
      cover.lost(gone)
      const uncoveredMs = Math.max(LIST_UNCOVERED_MS, pages.length * PAGE_UNCOVERED_MS)
      nextList = Math.max(now, askedAt + (hearsAll(view, cover) ? LIST_COVERED_MS : uncoveredMs))
      if (cover.isAwaited()) nextList = now + COVER_TOGETHER_MS
      if (events !== undefined) yield* events.follow([...view.campaigns.keys()])
      // What is not written down now is so with the judgement of it, or after the next list.
      if (certain.length === 0 && gone.length === 0) return
      if ((yield* warned(UNWRITTEN, keep(certain, gone))) === "done")
        for (const id of gone) kept.delete(id)
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
      const heardOf = cover.certain()
      yield* report({ _tag: "WatchSeen", heard: heardOf, listed: view.campaigns.size - heardOf })
    })

    const judging = Effect.fnUntraced(function* (ids: ReadonlyArray<CampaignId>, now: number) {
      // Until it is known what came of it, also where the ledger does not answer.
      for (const id of ids) due.set(id, now + LEDGER_AGAIN_MS)
      const later = yield* judgeAll(view, kept, ids)
      yield* keep(ids)
      for (const id of ids) judgeAgain(id, later.get(id), now)
      changed.openUnsafe()
    })

    const judgeAgain = (id: CampaignId, again: Again | undefined, now: number): void => {
      // Somebody has listed it meanwhile.
      if (due.get(id) === now + LEDGER_AGAIN_MS) due.delete(id)
      if (again?.why === undefined) unanswered.delete(id)
      else unanswered.set(id, again.why)
      const before = tries.get(id) ?? 0
      if (again === undefined) return void tries.delete(id)
      tries.set(id, before + 1)
      const afterMs =
        before === 0
          ? again.afterMs
          : Math.min(LAST_AGAIN_MS, Math.max(FIRST_AGAIN_MS, again.afterMs) * 2 ** before)
      due.set(id, Math.min(due.get(id) ?? Infinity, now + afterMs))
    }

    const tellUnanswered = Effect.suspend(() => {
      const [why] = unanswered.values()
      return why === undefined
        ? Effect.void
        : Effect.fail({ message: `There are ${unanswered.size} such campaigns. ${why}` })
    })

    const start = Effect.gen(function* () {
      yield* store.uncoverAll
      for (const row of yield* store.load) kept.set(row.campaignId, { ...row, covered: false })
    })
    while ((yield* warned("The watch cannot begin yet", start)) === "failed")
      yield* Effect.sleep(LIST_AGAIN_MS)
    for (;;) {
      const now = yield* Clock.currentTimeMillis
      turn.at = now
      if (now >= nextBeat) yield* warned("The watch cannot say that it lives", beat)
      if (now >= nextList) {
        if ((yield* warned("The watch could not list the campaigns", list)) === "done")
          failedLists = 0
        else {
          const afterMs = Math.min(LIST_UNCOVERED_MS, LIST_AGAIN_MS * 2 ** failedLists)
          nextList = (yield* Clock.currentTimeMillis) + afterMs
          failedLists += 1
        }
      }
      const judgedAt = yield* Clock.currentTimeMillis
      const ids = [...due].flatMap(([id, at]) => (at <= judgedAt ? [id] : []))
      if (ids.length > 0)
        yield* warned("The watch could not judge what it saw", judging(ids, judgedAt))
      yield* warned("Not every change can be told of yet", tellUnanswered)
      const wakeAt = Math.min(nextBeat, nextList, ...due.values())
      const patience = Math.max(0, wakeAt - (yield* Clock.currentTimeMillis))
      const news = yield* Effect.timeoutOption(Queue.takeAll(heard), patience)
      if (Option.isNone(news)) continue
      const at = yield* Clock.currentTimeMillis
      const uncertain = news.value.flatMap((one) => take(one, at))
      if (uncertain.length > 0) yield* warned(UNWRITTEN, keep(uncertain))
    }
  },
  Effect.provideService(CurrentBudgetClass, "guard")
)

const UNWRITTEN = "The watch could not write down what is heard of"

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
