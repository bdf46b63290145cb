import { ItemStatus } from "@campaignctl/operations"
import { Effect, Option, Schema } from "effect"
import { json } from "../routes/Answer.ts"
import { cursorText, readCursor } from "../routes/cursor.ts"
import { malformed, noBody, route } from "../routes/Route.ts"
import { operationIdOf, OperationPath } from "./list.ts"
import { operationsPort, visibleOperation } from "./ports.ts"
import { ItemList } from "./schemas.ts"

/** Campaigns in a page. */
const MOST_IN_PAGE = 500
const DEFAULT_IN_PAGE = 100

const Cursor = Schema.Struct({
  afterPosition: Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 1_000_000 }))
})

export const itemsRoute = route({
  method: "GET",
  path: "/v1/operations/{id}/items",
  operationId: "listOperationItems",
  summary: "The campaigns of an operation and what has come of each, in their order.",
  scope: "campaigns:read",
  params: OperationPath,
  body: noBody,
  query: Schema.Struct({
    status: Schema.optionalKey(ItemStatus),
    limit: Schema.optionalKey(
      Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: MOST_IN_PAGE }))
    ),
    cursor: Schema.optionalKey(Schema.String)
  }),
  success: { description: "A page.", mediaTypes: { "application/json": ItemList } },
  problems: ["OPERATION_NOT_FOUND"],
  run: Effect.fnUntraced(function* ({ params, query }, { caller }) {
    const { cursor, limit = DEFAULT_IN_PAGE, status } = query
    const at = cursor === undefined ? {} : Option.getOrNull(readCursor(Cursor, cursor))
    if (at === null)
      return yield* malformed([{ key: "query.cursor", expected: "the nextCursor of another page" }])
    const { id } = yield* visibleOperation(operationIdOf(params), caller)
    const found = yield* (yield* operationsPort).items(id, {
      ...at,
      ...(status === undefined ? {} : { statuses: [status] }),
      limit: limit + 1
    })
    const items = found.slice(0, limit)
    const last = items.at(-1)
    return json({
      items,
      nextCursor:
        found.length > limit && last !== undefined
          ? cursorText({ afterPosition: last.position })
          : null
    } satisfies typeof ItemList.Type)
  })
})
