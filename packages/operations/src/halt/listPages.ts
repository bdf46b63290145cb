import type { CampaignFilter, CampaignId, CampaignPage, GatewayError } from "@campaignctl/core"
import { Effect, Result, Stream } from "effect"
import { untilNextTry } from "./backOff.ts"
import type { HaltRun } from "./HaltRun.ts"

/** Tries of one page before the pages behind it are looked at without it: a passing failure takes two. */
const TRIES = 3
/** Pages in a row that may be left out; where more fail, there is no list to be had. */
const LEFT_OUT_IN_A_ROW = 2

/** What to do with what comes. */
export interface Pages<R> {
  readonly take: (page: CampaignPage) => Effect.Effect<void>
  /** Whatever can be done without the list, after each failure and before the wait that follows it. */
  readonly meanwhile: (error: GatewayError) => Effect.Effect<void, never, R>
}

/**
 * Lists page by page, and goes on where a page fails: begun anew from the first page each time, a long
 * list that fails now and then would never come to its end, and what is on a page that always fails
 * would hide all that is behind it.
 *
 * Fails, once all else was taken, where a page is left out, or a campaign could not be read.
 */
export const listPages = Effect.fnUntraced(function* <R>(
  run: HaltRun,
  filter: CampaignFilter,
  { meanwhile, take }: Pages<R>
): Effect.fn.Return<void, GatewayError, R> {
  const listed = new Set<CampaignId>()
  let leftOut: GatewayError | undefined
  let [place, failures, inARow] = [0, 0, 0]
  while (true) {
    const listing = run.gateway.list(rest(filter, place, listed)).pipe(
      Stream.runForEach((page) => {
        run.requests.lists += 1
        for (const { id } of page.campaigns) listed.add(id)
        place += 1
        failures = 0
        inARow = 0
        leftOut = page.unreadable?.error ?? leftOut
        return take(page)
      })
    )
    const read = yield* Effect.result(listing)
    if (Result.isSuccess(read)) break
    run.requests.lists += 1
    const error = read.failure
    if (error._tag !== "RateLimited" && error._tag !== "GenesysUnavailable")
      return yield* Effect.fail(error)
    failures += 1
    if (failures < TRIES) {
      yield* meanwhile(error)
      yield* untilNextTry(run, error, failures - 1)
      continue
    }
    inARow += 1
    if (filter.ids !== undefined || inARow > LEFT_OUT_IN_A_ROW) return yield* Effect.fail(error)
    leftOut = error
    failures = 0
    place += 1
  }
  if (leftOut !== undefined) return yield* Effect.fail(leftOut)
})

/** A place means nothing in a list of ids: there, those that have come are not asked for again. */
const rest = (
  filter: CampaignFilter,
  place: number,
  listed: ReadonlySet<CampaignId>
): CampaignFilter =>
  filter.ids === undefined
    ? { ...filter, passUnreadable: true, skipPages: place }
    : { ...filter, passUnreadable: true, ids: filter.ids.filter((id) => !listed.has(id)) }
