import type { CampaignId } from "@campaignctl/core"
import { FleetOrder, type FleetSpec, type Selector } from "@campaignctl/operations"
import { Effect, Option, Schema, Stream } from "effect"
import { boundTo, type Caller } from "../callers/Caller.ts"
import { TransitionBody } from "../campaigns/schemas.ts"
import { hasReason, mayOverride, operationChange } from "../operations/change.ts"
import { operationsPort } from "../operations/ports.ts"
import { DrainDeadline, FleetPlan, SelectorBody } from "../operations/schemas.ts"
import { ACCEPTED, KEY_HEADER, submitted } from "../operations/submit.ts"
import { HttpProblem } from "../problems/HttpProblem.ts"
import type { ServiceError } from "../problems/problemAnswer.ts"
import { json, type TextAnswer } from "../routes/Answer.ts"
import { asJson } from "../routes/asJson.ts"
import { cursorText, readCursor } from "../routes/cursor.ts"
import { malformed, none, route, type RouteServices } from "../routes/Route.ts"

/** Campaigns that are changed at once unless said: they share one budget, and more only wait for it. */
const DEFAULT_CONCURRENCY = 8
const MOST_CONCURRENCY = 100
/** Campaigns of the largest organisation, with room to spare. */
const MOST_CAMPAIGNS = 1_000_000
/** Campaigns in a page of a plan. */
const MOST_IN_PAGE = 1_000
const DEFAULT_IN_PAGE = 100

const count = (minimum: number, maximum: number) =>
  Schema.Int.check(Schema.isBetween({ minimum, maximum }))

export const FleetBody = Schema.Struct({
  ...TransitionBody.fields,
  selector: SelectorBody,
  drainDeadlineMs: Schema.optionalKey(DrainDeadline),
  order: Schema.optionalKey(
    FleetOrder.annotate({
      description: "In which order they are changed; `listed`, as Genesys lists them, unless said."
    })
  ),
  concurrency: Schema.optionalKey(
    count(1, MOST_CONCURRENCY).annotate({
      description: `Campaigns that are changed at once; ${DEFAULT_CONCURRENCY} unless said.`
    })
  ),
  maxFailures: Schema.optionalKey(
    Schema.NullOr(count(0, MOST_CAMPAIGNS)).annotate({
      description: "The fleet stops once more campaigns than this have failed or were rejected."
    })
  ),
  expectedCampaigns: Schema.optionalKey(
    count(0, MOST_CAMPAIGNS).annotate({
      description:
        "How many campaigns the caller means: where the selector means another number, nothing is submitted."
    })
  ),
  dryRun: Schema.optionalKey(
    Schema.Boolean.annotate({ description: "Plan alone: nothing is written anywhere." })
  ),
  limit: Schema.optionalKey(
    count(1, MOST_IN_PAGE).annotate({
      description: `Campaigns in a page of a dry run's plan; ${DEFAULT_IN_PAGE} unless said.`
    })
  ),
  cursor: Schema.optionalKey(
    Schema.String.annotate({
      description:
        "`nextCursor` of a dry run's page before. Each page is planned afresh, from what is there then."
    })
  )
}).annotate({ identifier: "FleetRequest" })
export type FleetBody = typeof FleetBody.Type

const lowered = (ids: ReadonlyArray<string>): ReadonlyArray<string> =>
  ids.map((id) => id.toLowerCase())

/** The selector with its ids as Genesys writes them. */
export const selectorOf = ({
  divisionIds,
  ids,
  queueIds,
  ...selector
}: typeof SelectorBody.Type): Selector => ({
  ...selector,
  // The schema has found UUIDs, which is all that the brand says.
  ...(ids === undefined ? {} : { ids: lowered(ids) as ReadonlyArray<CampaignId> }),
  ...(divisionIds === undefined ? {} : { divisionIds: lowered(divisionIds) }),
  ...(queueIds === undefined ? {} : { queueIds: lowered(queueIds) })
})

const specOf = (body: FleetBody): FleetSpec => ({
  _tag: "Fleet",
  selector: selectorOf(body.selector),
  change: operationChange(body),
  order: body.order ?? "listed",
  concurrency: body.concurrency ?? DEFAULT_CONCURRENCY,
  maxFailures: body.maxFailures ?? null,
  ...(body.drainDeadlineMs === undefined ? {} : { drainDeadlineMs: body.drainDeadlineMs })
})

const planned = (spec: FleetSpec, caller: Caller) =>
  Stream.unwrap(
    Effect.map(operationsPort, ({ plan }) =>
      plan({ ...spec, ...boundTo(caller) }).pipe(Stream.flattenIterable)
    )
  )

const Cursor = Schema.Struct({ after: count(1, MOST_CAMPAIGNS) })

/** One page of what would come of the fleet now. */
const page = Effect.fnUntraced(function* (
  { cursor, limit = DEFAULT_IN_PAGE }: FleetBody,
  spec: FleetSpec,
  caller: Caller
): Effect.fn.Return<TextAnswer, ServiceError, RouteServices> {
  const at = cursor === undefined ? { after: 0 } : Option.getOrNull(readCursor(Cursor, cursor))
  if (at === null)
    return yield* malformed([{ key: "body.cursor", expected: "the nextCursor of another page" }])
  const found = yield* Stream.runCollect(
    planned(spec, caller).pipe(
      Stream.filter(({ position }) => position > at.after),
      Stream.take(limit + 1)
    )
  )
  const items = found.slice(0, limit)
  const last = items.at(-1)
  return json({
    items,
    nextCursor:
      found.length > limit && last !== undefined ? cursorText({ after: last.position }) : null
  } satisfies typeof FleetPlan.Type)
})

/** Fails where the selector means another number of campaigns than the caller does. */
const isExpected = Effect.fnUntraced(function* (
  expectedCampaigns: number,
  spec: FleetSpec,
  caller: Caller
): Effect.fn.Return<void, ServiceError, RouteServices> {
  const selectedCampaigns = yield* Stream.runCount(planned(spec, caller))
  if (selectedCampaigns !== expectedCampaigns)
    return yield* new HttpProblem({
      code: "FLEET_DIFFERS",
      detail: `The selector means ${selectedCampaigns} campaigns, not ${expectedCampaigns}. Nothing was submitted.`,
      parts: { expectedCampaigns, selectedCampaigns }
    })
})

export const submitRoute = route({
  method: "POST",
  path: "/v1/fleet",
  operationId: "changeFleet",
  summary: "Bring many campaigns to a state, or see what would come of it.",
  scope: "campaigns:operate",
  params: none,
  query: none,
  body: FleetBody,
  headers: [KEY_HEADER],
  success: {
    description: "What would come of it, on a dry run.",
    mediaTypes: { "application/json": FleetPlan }
  },
  otherSuccesses: [ACCEPTED],
  problems: [
    "FLEET_DIFFERS",
    "IDEMPOTENCY_IN_PROGRESS",
    "IDEMPOTENCY_KEY_REUSED",
    "RETRIES_EXHAUSTED"
  ],
  runsToTheEnd: true,
  run: Effect.fnUntraced(function* ({ body }, incoming) {
    const { caller } = incoming
    yield* mayOverride(body.override, caller)
    yield* hasReason(body)
    const spec = specOf(body)
    if (body.dryRun === true) return yield* page(body, spec, caller)
    if (body.cursor !== undefined || body.limit !== undefined)
      return yield* malformed([{ key: "body", expected: "cursor and limit on a dry run alone" }])
    const { expectedCampaigns } = body
    return yield* submitted(
      {
        spec,
        fingerprint: { method: "POST", path: "/v1/fleet", body: asJson(body) },
        ...(expectedCampaigns === undefined
          ? {}
          : { check: isExpected(expectedCampaigns, spec, caller) })
      },
      incoming
    )
  })
})
