import {
  mayBeSeenBy,
  OperationId,
  OperationStatus,
  type OperationKind
} from "@campaignctl/operations"
import { Effect, Option, Schema } from "effect"
import { boundTo } from "../callers/Caller.ts"
import { EmergencyHalts } from "../halt/EmergencyHalts.ts"
import { json } from "../routes/Answer.ts"
import { cursorText, readCursor } from "../routes/cursor.ts"
import { malformed, noBody, none, route } from "../routes/Route.ts"
import { LINE, LINE_WORDS } from "../routes/text.ts"
import { KIND_OF, operationDocument, undurableDocument } from "./documents.ts"
import { operationsPort, visibleOperation } from "./ports.ts"
import { Kind, OperationDocument, OperationList } from "./schemas.ts"

/** Operations in a page. */
const MOST_IN_PAGE = 200
const DEFAULT_IN_PAGE = 50
/** Longest id of a schedule, in characters. */
const LONGEST_SCHEDULE = 200

const Cursor = Schema.Struct({ before: OperationId })

/** The kinds by what they are called in requests. */
const KIND_NAMED = Object.fromEntries(
  Object.entries(KIND_OF).map(([kind, name]) => [name, kind])
) as Readonly<Record<typeof Kind.Type, OperationKind>> // `KIND_OF` turned round

export const listRoute = route({
  method: "GET",
  path: "/v1/operations",
  operationId: "listOperations",
  summary: "The operations, the newest first, page by page.",
  scope: "campaigns:read",
  params: none,
  body: noBody,
  query: Schema.Struct({
    status: Schema.optionalKey(OperationStatus),
    kind: Schema.optionalKey(Kind),
    schedule: Schema.optionalKey(
      Schema.String.check(
        Schema.isPattern(LINE, LINE_WORDS),
        Schema.isMaxLength(LONGEST_SCHEDULE)
      ).annotate({
        description: "The id of the schedule that fired them."
      })
    ),
    limit: Schema.optionalKey(
      Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: MOST_IN_PAGE }))
    ),
    cursor: Schema.optionalKey(Schema.String)
  }),
  success: { description: "A page.", mediaTypes: { "application/json": OperationList } },
  problems: [],
  run: Effect.fnUntraced(function* ({ query }, { caller }) {
    const { cursor, kind, limit = DEFAULT_IN_PAGE, schedule, status } = query
    const at = cursor === undefined ? {} : Option.getOrNull(readCursor(Cursor, cursor))
    if (at === null)
      return yield* malformed([{ key: "query.cursor", expected: "the nextCursor of another page" }])
    // One more than asked for tells whether there is a next page.
    const found = yield* (yield* operationsPort).list({
      ...boundTo(caller),
      ...at,
      ...(status === undefined ? {} : { statuses: [status] }),
      ...(kind === undefined ? {} : { kind: KIND_NAMED[kind] }),
      ...(schedule === undefined ? {} : { scheduleId: schedule }),
      limit: limit + 1
    })
    const operations = found.slice(0, limit)
    const last = operations.at(-1)
    return json({
      operations: operations.map(operationDocument),
      nextCursor:
        found.length > limit && last !== undefined ? cursorText({ before: last.id }) : null
    } satisfies typeof OperationList.Type)
  })
})

/** A path with the id of one operation. */
export const OperationPath = Schema.Struct({
  id: Schema.String.check(Schema.isUUID()).annotate({ description: "The operation's id." })
})

/** The id as the engine writes it. */
export const operationIdOf = ({ id }: typeof OperationPath.Type): OperationId =>
  OperationId.make(id.toLowerCase())

export const getRoute = route({
  method: "GET",
  path: "/v1/operations/{id}",
  operationId: "getOperation",
  summary: "One operation as it stands now.",
  scope: "campaigns:read",
  params: OperationPath,
  query: none,
  body: noBody,
  success: { description: "It.", mediaTypes: { "application/json": OperationDocument } },
  problems: ["OPERATION_NOT_FOUND"],
  run: Effect.fnUntraced(function* ({ params }, { caller }) {
    const id = operationIdOf(params)
    const halts = Option.getOrUndefined(yield* Effect.serviceOption(EmergencyHalts))
    const here = halts === undefined ? undefined : yield* halts.get(id)
    return here !== undefined && mayBeSeenBy(caller.divisionIds)(here)
      ? json(undurableDocument(here))
      : json(operationDocument(yield* visibleOperation(id, caller)))
  })
})
