import { AuditLog } from "@campaignctl/core"
import { exportCsv, exportNdjson } from "@campaignctl/ledger-sql"
import { Effect, Option, Schema, Stream } from "effect"
import { boundTo } from "../callers/Caller.ts"
import { unbound } from "../callers/unbound.ts"
import { HttpProblem } from "../problems/HttpProblem.ts"
import { json } from "../routes/Answer.ts"
import { cursorText, readCursor } from "../routes/cursor.ts"
import { malformed, noBody, none, route } from "../routes/Route.ts"
import { streamBody } from "../routes/streamBody.ts"
import { filterFields, queryOf } from "./filters.ts"
import { Entry, EntryList, VerificationDocument } from "./schemas.ts"

/** Entries in a page: about half a megabyte at most. */
const MOST_IN_PAGE = 500
const DEFAULT_IN_PAGE = 50

const Sequence = Schema.Int.check(Schema.isGreaterThan(0))
const Cursor = Schema.Struct({ sequence: Sequence, order: Schema.Literals(["newest", "oldest"]) })

const listRoute = route({
  method: "GET",
  path: "/v1/audit",
  operationId: "listAudit",
  summary: "Entries of the ledger, page by page.",
  scope: "audit:read",
  params: none,
  body: noBody,
  query: Schema.Struct({
    ...filterFields,
    order: Schema.optionalKey(
      Schema.Literals(["newest", "oldest"]).annotate({
        description: "Which come first; newest unless said."
      })
    ),
    limit: Schema.optionalKey(
      Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: MOST_IN_PAGE }))
    ),
    cursor: Schema.optionalKey(Schema.String)
  }),
  success: { description: "A page.", mediaTypes: { "application/json": EntryList } },
  problems: [],
  run: Effect.fnUntraced(function* ({ query }, { caller }) {
    const { cursor, limit = DEFAULT_IN_PAGE, order = "newest" } = query
    const at = cursor === undefined ? undefined : Option.getOrNull(readCursor(Cursor, cursor))
    if (at === null || (at !== undefined && at.order !== order))
      return yield* malformed([
        { key: "query.cursor", expected: "the nextCursor of a page in the same order" }
      ])
    const ledger = yield* AuditLog
    const past =
      at === undefined
        ? {}
        : order === "newest"
          ? { beforeSequence: at.sequence }
          : { afterSequence: at.sequence }
    // One more than asked for tells whether there is a next page.
    const found = yield* Stream.runCollect(
      ledger.query({
        ...queryOf(query, caller),
        ...past,
        newestFirst: order === "newest",
        limit: limit + 1
      })
    )
    const entries = found.slice(0, limit)
    const last = entries.at(-1)
    return json({
      entries,
      nextCursor:
        found.length > limit && last !== undefined
          ? cursorText({ sequence: last.sequence, order })
          : null
    } satisfies typeof EntryList.Type)
  })
})

const verifyRoute = route({
  method: "GET",
  path: "/v1/audit/verify",
  operationId: "verifyAudit",
  summary: "Verify the whole ledger.",
  scope: "audit:read",
  params: none,
  query: none,
  body: noBody,
  success: {
    description: "What was found; `intact` says whether it is sound.",
    mediaTypes: { "application/json": VerificationDocument }
  },
  problems: ["DIVISION_BOUND"],
  run: Effect.fnUntraced(function* (_, { caller }) {
    yield* unbound(caller)
    const found = yield* Effect.flatMap(AuditLog, ({ verify }) => verify)
    return json({
      intact: found._tag === "Intact",
      entries: found.entries,
      headHash: found._tag === "Intact" ? found.headHash : null,
      firstBadSequence: found._tag === "Intact" ? null : found.firstBadSequence,
      why: found._tag === "Intact" ? null : found.why
    } satisfies typeof VerificationDocument.Type)
  })
})

const FORMATS = {
  ndjson: { mediaType: "application/x-ndjson", render: exportNdjson },
  csv: { mediaType: "text/csv; charset=utf-8", render: exportCsv }
} as const

const exportRoute = route({
  method: "GET",
  path: "/v1/audit/export",
  operationId: "exportAudit",
  summary: "The ledger's entries as a file, oldest first.",
  scope: "audit:read",
  params: none,
  body: noBody,
  query: Schema.Struct({
    ...filterFields,
    format: Schema.optionalKey(
      Schema.Literals(["ndjson", "csv"]).annotate({ description: "ndjson unless said." })
    )
  }),
  success: {
    description: "The entries. NDJSON is the exact text that was hashed.",
    mediaTypes: { "application/x-ndjson": Schema.String, "text/csv": Schema.String }
  },
  problems: [],
  run: Effect.fnUntraced(function* ({ query }, { caller, method }) {
    const { mediaType, render } = FORMATS[query.format ?? "ndjson"]
    const ledger = yield* AuditLog
    // Fails here, with a problem, where the ledger cannot be read at all.
    yield* Stream.runDrain(ledger.query({ limit: 1 }))
    return {
      status: 200,
      headers: {
        "content-type": mediaType,
        "content-disposition": `attachment; filename="audit.${query.format ?? "ndjson"}"`
      },
      body:
        method === "HEAD" ? null : yield* streamBody(render(ledger.query(queryOf(query, caller))))
    }
  })
})

const entryRoute = route({
  method: "GET",
  path: "/v1/audit/{sequence}",
  operationId: "getAuditEntry",
  summary: "One entry of the ledger.",
  scope: "audit:read",
  query: none,
  body: noBody,
  params: Schema.Struct({
    sequence: Schema.String.check(
      Schema.isPattern(/^[1-9]\d{0,14}$/, { expected: "the number of an entry, such as 12" })
    ).annotate({
      description: "The entry's number, from 1."
    })
  }),
  success: { description: "The entry.", mediaTypes: { "application/json": Entry } },
  problems: ["ENTRY_NOT_FOUND"],
  run: Effect.fnUntraced(function* ({ params }, { caller }) {
    const sequence = Number(params.sequence)
    const ledger = yield* AuditLog
    const [entry] = yield* Stream.runCollect(
      ledger.query({
        ...boundTo(caller),
        afterSequence: sequence - 1,
        beforeSequence: sequence + 1,
        limit: 1
      })
    )
    return entry === undefined ? yield* new HttpProblem({ code: "ENTRY_NOT_FOUND" }) : json(entry)
  })
})

/** The fixed paths stand before the one with a parameter, which would take them. */
export const auditRoutes = [listRoute, verifyRoute, exportRoute, entryRoute]
