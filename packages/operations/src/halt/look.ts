import {
  type AuditLog,
  type Campaign,
  type CampaignFilter,
  type CampaignId,
  type GatewayError,
  inScope,
  isKnownStatus,
  seenState
} from "@campaignctl/core"
import { Effect, Result } from "effect"
import { conclude, tellDrift } from "./entries.ts"
import type { HaltRun } from "./HaltRun.ts"
import { filtersOf } from "../domain/listFilters.ts"
import { listPages } from "./listPages.ts"
import { stopTarget } from "./stopTarget.ts"
import { makeTarget } from "./Target.ts"
import { withoutList } from "./withoutList.ts"

/** What one look at all campaigns of the scope showed. */
export interface Look {
  /** Milliseconds since the halt began. */
  readonly beganMs: number
  readonly endedMs: number
  /** Whether it showed all that there are: a list that changes while it is read may leave some out. */
  readonly complete: boolean
  readonly dialling: number
  readonly draining: number
}

interface Seeing {
  readonly beganMs: number
  readonly seen: Set<string>
  complete: boolean
  dialling: number
  draining: number
}

/** Lists the scope, and begins to stop what dials as each page comes. */
export const look = Effect.fnUntraced(function* (
  run: HaltRun
): Effect.fn.Return<Look, GatewayError, AuditLog> {
  const beganMs = yield* run.elapsed
  const seeing: Seeing = { beganMs, seen: new Set(), complete: true, dialling: 0, draining: 0 }
  // One of several queues whose list fails hides none of the others.
  const lists = yield* Effect.forEach(filtersOf(run.request.scope), (filter) =>
    Effect.result(list(run, filter, seeing))
  )
  for (const one of lists) if (Result.isFailure(one)) return yield* Effect.fail(one.failure)
  yield* lookForMissing(run, seeing)
  return { ...seeing, endedMs: yield* run.elapsed }
})

const list = Effect.fnUntraced(function* (
  run: HaltRun,
  filter: CampaignFilter,
  seeing: Seeing
): Effect.fn.Return<void, GatewayError, AuditLog> {
  const listed = new Set<string>()
  let most = 0
  yield* listPages(run, filter, {
    take: Effect.fnUntraced(function* ({ campaigns, total, unreadable }) {
      most = Math.max(most, total ?? 0)
      for (const campaign of campaigns) {
        listed.add(campaign.id)
        // What the API has filtered by needs no telling by the campaign itself.
        if (inScope(run.request.scope, campaign) !== "out") yield* meet(run, campaign, seeing)
      }
      for (const id of unreadable?.ids ?? []) yield* stopUnread(run, id)
    }),
    meanwhile: (error) => withoutList(run, error)
  })
  // The most that were ever told: what goes while it is read moves others onto pages that were read already.
  if (listed.size < most) seeing.complete = false
})

/** A campaign of which nothing but its id can be read may dial. By its name alone nobody can tell whether it is meant. */
const stopUnread = Effect.fnUntraced(function* (run: HaltRun, id: CampaignId) {
  const { ids, namePattern } = run.request.scope
  if (namePattern !== undefined && ids?.includes(id) !== true) return
  const target = run.targets.get(id) ?? makeTarget({ id, name: id }, undefined, null)
  run.targets.set(id, target)
  run.selected.add(id)
  if (target.lastAcceptMs === null) yield* run.begin(stopTarget(run, target))
})

/** Campaigns that are to be stopped and were not in the list are looked at one by one. */
const lookForMissing = Effect.fnUntraced(function* (run: HaltRun, seeing: Seeing) {
  const missing = [...run.targets.values()].filter(
    ({ dialling, id }) => dialling && !seeing.seen.has(id)
  )
  for (const target of missing) {
    run.requests.others += 1
    const read = yield* Effect.result(run.gateway.get(target.id))
    if (Result.isSuccess(read)) yield* meet(run, read.success, seeing)
    else if (read.failure._tag === "CampaignNotFound") {
      Object.assign(target, { gone: true, dialling: false, doubt: false })
      if (!target.busy) yield* run.begin(conclude(run, target))
    } else return yield* Effect.fail(read.failure)
  }
})

/** Takes in how a campaign is, and begins to stop it where it dials. */
const meet = Effect.fnUntraced(function* (run: HaltRun, campaign: Campaign, seeing: Seeing) {
  const state = seenState(campaign.status)
  // A status that we do not know may be one that dials.
  const dials = state === "active" || !isKnownStatus(campaign.status)
  const known = run.targets.get(campaign.id)
  if (!seeing.seen.has(campaign.id)) {
    seeing.seen.add(campaign.id)
    if (dials) seeing.dialling += 1
    else if (state === "draining") seeing.draining += 1
  }
  run.selected.add(campaign.id)
  if (known === undefined) {
    if (!dials) return
    const target = makeTarget(campaign, campaign, state)
    run.targets.set(campaign.id, target)
    return yield* run.begin(stopTarget(run, target))
  }
  const stopped = known.dialling && !dials
  const started = !known.dialling && dials && !known.gone
  // What was accepted after the look began may not show yet.
  const late = known.lastAcceptMs !== null && known.lastAcceptMs >= seeing.beganMs
  Object.assign(known, { campaign, state, dialling: dials, gone: false })
  if (!dials) {
    known.doubt = false
    if (stopped && !known.busy) yield* run.begin(conclude(run, known))
    return
  }
  if (late) return
  if (!known.busy) known.doubt = false
  if (started) {
    known.startedAgain += 1
    yield* tellDrift(run, known)
  }
  yield* run.begin(stopTarget(run, known))
})
