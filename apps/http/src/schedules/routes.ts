import { OperationId, Schedule, ScheduleDraft } from "@campaignctl/operations"
import { Effect, Schema } from "effect"
import { boundTo } from "../callers/Caller.ts"
import { mayOverride } from "../operations/change.ts"
import { schedulesPort } from "../operations/ports.ts"
import { json } from "../routes/Answer.ts"
import { noBody, none, route } from "../routes/Route.ts"
import { LINE, LINE_WORDS } from "../routes/text.ts"

/** Longest id or name in a path, in characters: the engine's own limit of a name. */
const LONGEST_NAME = 200
/** Instants and firings in one answer. */
const MOST = 500
const DEFAULT = 20

const Instant = Schema.String.annotate({ description: "ISO 8601 in UTC." })

const FiringDocument = Schema.Struct({
  dueAt: Instant,
  result: Schema.Literals(["fired", "skipped"]),
  operationId: Schema.NullOr(OperationId),
  detail: Schema.NullOr(Schema.String)
}).annotate({ identifier: "Firing" })

const View = Schema.Struct({
  schedule: Schedule.annotate({ identifier: "Schedule" }),
  nextAt: Schema.NullOr(Instant).annotate({ description: "Null where it will not fire again." }),
  lastFiring: Schema.NullOr(FiringDocument),
  managedBy: Schema.NullOr(Schema.String).annotate({
    description: "The declarative file that it comes from; null where it was added by hand."
  }),
  problem: Schema.NullOr(Schema.String).annotate({
    description: "Why it does not fire as things are; null where nothing keeps it from that."
  })
}).annotate({ identifier: "ScheduleView" })

const ScheduleList = Schema.Struct({ schedules: Schema.Array(View) }).annotate({
  identifier: "ScheduleList"
})

const Added = Schema.Struct({
  ...View.fields,
  warnings: Schema.Array(Schema.Struct({ key: Schema.String, detail: Schema.String })).annotate({
    description: "What is allowed, and probably not what was meant."
  })
}).annotate({ identifier: "ScheduleAdded" })

const Name = Schema.String.check(
  Schema.isPattern(LINE, LINE_WORDS),
  Schema.isMaxLength(LONGEST_NAME)
)

const Path = Schema.Struct({
  id: Name.annotate({
    description: "The schedule's id or its name."
  })
})

const Limit = Schema.Struct({
  limit: Schema.optionalKey(
    Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: MOST })).annotate({
      description: `${DEFAULT} unless said.`
    })
  )
})

const listRoute = route({
  method: "GET",
  path: "/v1/schedules",
  operationId: "listSchedules",
  summary: "The schedules, with what they will do and did.",
  scope: "campaigns:read",
  params: none,
  query: none,
  body: noBody,
  success: { description: "They.", mediaTypes: { "application/json": ScheduleList } },
  problems: [],
  run: Effect.fnUntraced(function* (_, { caller }) {
    const schedules = yield* (yield* schedulesPort).list(boundTo(caller))
    return json({ schedules } satisfies typeof ScheduleList.Type)
  })
})

const addRoute = route({
  method: "POST",
  path: "/v1/schedules",
  operationId: "addSchedule",
  summary: "Change campaigns at times to come. Each firing is decided afresh, with all guards.",
  scope: "campaigns:operate",
  params: none,
  query: none,
  body: Schema.Struct({ ...ScheduleDraft.fields, name: Name }).annotate({
    identifier: "ScheduleRequest",
    description: "In the words of a declarative file's schedules."
  }),
  success: {
    status: 201,
    description: "It is durable. A name is taken once.",
    mediaTypes: { "application/json": Added },
    headers: { Location: "Where the schedule is looked at." }
  },
  problems: [],
  runsToTheEnd: true,
  run: Effect.fnUntraced(function* ({ body }, { caller, deployment }) {
    yield* mayOverride(body.change.overrides, caller)
    const { view, warnings } = yield* (yield* schedulesPort).add({
      draft: body,
      requestedBy: caller.requestedBy,
      source: "http",
      ...boundTo(caller)
    })
    return {
      ...json({ ...view, warnings } satisfies typeof Added.Type, {
        location: `${deployment.base}/v1/schedules/${encodeURIComponent(view.schedule.id)}`
      }),
      status: 201
    }
  })
})

const getRoute = route({
  method: "GET",
  path: "/v1/schedules/{id}",
  operationId: "getSchedule",
  summary: "One schedule, with what it will do and did.",
  scope: "campaigns:read",
  params: Path,
  query: none,
  body: noBody,
  success: { description: "It.", mediaTypes: { "application/json": View } },
  problems: ["SCHEDULE_NOT_FOUND"],
  run: ({ params }, { caller }) =>
    Effect.flatMap(schedulesPort, ({ get }) => Effect.map(get(params.id, boundTo(caller)), json))
})

const removeRoute = route({
  method: "DELETE",
  path: "/v1/schedules/{id}",
  operationId: "removeSchedule",
  summary: "Remove a schedule: what it has submitted goes on, what is to come does not.",
  scope: "campaigns:operate",
  params: Path,
  query: none,
  body: noBody,
  success: { description: "As it was.", mediaTypes: { "application/json": View } },
  problems: ["SCHEDULE_NOT_FOUND"],
  runsToTheEnd: true,
  run: ({ params }, { caller }) =>
    Effect.flatMap(schedulesPort, ({ remove }) =>
      Effect.map(
        remove(params.id, {
          requestedBy: caller.requestedBy,
          source: "http",
          ...boundTo(caller)
        }),
        json
      )
    )
})

const NextList = Schema.Struct({ next: Schema.Array(Instant) }).annotate({
  identifier: "NextFirings"
})

const nextRoute = route({
  method: "GET",
  path: "/v1/schedules/{id}/next",
  operationId: "nextFirings",
  summary: "The next instants at which a schedule fires.",
  scope: "campaigns:read",
  params: Path,
  query: Limit,
  body: noBody,
  success: { description: "They.", mediaTypes: { "application/json": NextList } },
  problems: ["SCHEDULE_NOT_FOUND"],
  run: Effect.fnUntraced(function* ({ params, query }, { caller }) {
    const schedules = yield* schedulesPort
    const next = yield* schedules.next(params.id, query.limit ?? DEFAULT, boundTo(caller))
    return json({ next } satisfies typeof NextList.Type)
  })
})

const FiringList = Schema.Struct({ firings: Schema.Array(FiringDocument) }).annotate({
  identifier: "FiringList"
})

const firingsRoute = route({
  method: "GET",
  path: "/v1/schedules/{id}/firings",
  operationId: "listFirings",
  summary: "What a schedule did, the newest first.",
  scope: "campaigns:read",
  params: Path,
  query: Limit,
  body: noBody,
  success: { description: "They.", mediaTypes: { "application/json": FiringList } },
  problems: ["SCHEDULE_NOT_FOUND"],
  run: Effect.fnUntraced(function* ({ params, query }, { caller }) {
    const schedules = yield* schedulesPort
    const firings = yield* schedules.firings(params.id, query.limit ?? DEFAULT, boundTo(caller))
    return json({ firings } satisfies typeof FiringList.Type)
  })
})

export const scheduleRoutes = [listRoute, addRoute, getRoute, removeRoute, nextRoute, firingsRoute]
