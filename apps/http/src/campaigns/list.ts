import {
  AuditLog,
  CampaignGateway,
  type CampaignPage,
  CampaignState,
  type Observation,
  observationOf,
  retryingReads,
  startRun,
  writtenId
} from "@campaignctl/core"
import { Effect, Option, Schema, Stream } from "effect"
import { boundTo, type Caller, maySee } from "../callers/Caller.ts"
import { json } from "../routes/Answer.ts"
import { cursorText, readCursor } from "../routes/cursor.ts"
import { malformed, noBody, none, route } from "../routes/Route.ts"
import { campaignDocument } from "./documents.ts"
import { CampaignList } from "./schemas.ts"

/** Campaigns in a page: as many as Genesys gives at once, and half of it unless asked. */
const MOST_IN_PAGE = 100
const DEFAULT_IN_PAGE = 50
/**
 * Pages of Genesys' list that one request looks through: a state is nothing that Genesys filters by,
 * and one request must not spend the budget that all share (300 a minute).
 */
const MOST_PAGES = 20
/** Longest name prefix, in characters. */
const LONGEST_PREFIX = 200

/** The first campaign that was not given yet: its page of Genesys' list, and its place in it. */
const Cursor = Schema.Struct({
  page: Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 100_000 })),
  offset: Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 10_000 }))
})
type Cursor = typeof Cursor.Type
const START: Cursor = { page: 0, offset: 0 }

const Query = Schema.Struct({
  state: Schema.optionalKey(CampaignState),
  division: Schema.optionalKey(
    Schema.String.check(Schema.isUUID()).annotate({ description: "The id of a division." })
  ),
  name: Schema.optionalKey(
    Schema.String.check(Schema.isMinLength(1), Schema.isMaxLength(LONGEST_PREFIX)).annotate({
      description: "How the name begins, without regard to case."
    })
  ),
  limit: Schema.optionalKey(
    Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: MOST_IN_PAGE })).annotate({
      description: `Campaigns in a page; ${DEFAULT_IN_PAGE} unless said.`
    })
  ),
  cursor: Schema.optionalKey(
    Schema.String.annotate({
      description: "`nextCursor` of the page before, with the same filters."
    })
  )
})
type Query = typeof Query.Type

interface Found {
  readonly given: ReadonlyArray<Observation>
  readonly next: Cursor | null
  readonly partial: boolean
}

/** The divisions to ask for, or none where the caller may not see the one that is asked about. */
const divisionsOf = (caller: Caller, { division }: Query): ReadonlyArray<string> | undefined =>
  division === undefined
    ? boundTo(caller).divisionIds
    : caller.divisionIds === undefined || caller.divisionIds.includes(division)
      ? [division]
      : []

/**
 * Looks through Genesys' pages, from the one that the cursor names, until there are enough. A page
 * that could not be had is tried again by itself: what was found before it stays found.
 */
const find = Effect.fnUntraced(function* (
  caller: Caller,
  query: Query,
  start: Cursor,
  limit: number
) {
  const divisionIds = divisionsOf(caller, query)
  if (divisionIds?.length === 0) return { given: [], next: null, partial: false } satisfies Found
  const gateway = yield* CampaignGateway
  const ledger = yield* AuditLog
  const wanted = (seen: Observation): boolean =>
    maySee(caller, seen.campaign) &&
    (query.division === undefined || seen.campaign.division?.id === query.division) &&
    (query.state === undefined || seen.state === query.state)

  const given: Array<Observation> = []
  let page = start.page
  let next: Cursor | null = null
  /** Takes what is wanted of one page; false where that is enough. */
  const take = Effect.fnUntraced(function* ({ campaigns }: CampaignPage) {
    const last = yield* ledger.lastApplied(campaigns.map(({ id }) => id))
    const first = page === start.page ? start.offset : 0
    for (const [offset, campaign] of campaigns.entries()) {
      const seen = observationOf(campaign, last.get(campaign.id))
      if (offset < first || !wanted(seen)) continue
      if (given.length === limit) {
        next = { page, offset }
        return false
      }
      given.push(seen)
    }
    page += 1
    if (page - start.page < MOST_PAGES) return true
    next = { page, offset: 0 }
    return false
  })
  const rest = Effect.suspend(() =>
    gateway
      .list({
        skipPages: page,
        ...(query.name === undefined ? {} : { namePrefix: query.name }),
        ...(divisionIds === undefined ? {} : { divisionIds })
      })
      .pipe(Stream.mapEffect(take), Stream.takeWhile(Boolean), Stream.runDrain)
  )
  yield* retryingReads(yield* startRun, rest)
  return { given, next, partial: next !== null && given.length < limit } satisfies Found
})

export const listRoute = route({
  method: "GET",
  path: "/v1/campaigns",
  operationId: "listCampaigns",
  summary: "The campaigns and their states, page by page.",
  scope: "campaigns:read",
  params: none,
  body: noBody,
  query: Query,
  success: { description: "A page.", mediaTypes: { "application/json": CampaignList } },
  problems: [],
  run: Effect.fnUntraced(function* ({ query: asked }, { caller }) {
    const { division } = asked
    const query = division === undefined ? asked : { ...asked, division: writtenId(division) }
    const cursor =
      query.cursor === undefined ? Option.some(START) : readCursor(Cursor, query.cursor)
    if (Option.isNone(cursor))
      return yield* malformed([{ key: "query.cursor", expected: "the nextCursor of another page" }])
    const { given, next, partial } = yield* find(
      caller,
      query,
      cursor.value,
      query.limit ?? DEFAULT_IN_PAGE
    )
    return json({
      campaigns: given.map(campaignDocument),
      nextCursor: next === null ? null : cursorText(next),
      partial
    } satisfies typeof CampaignList.Type)
  })
})
