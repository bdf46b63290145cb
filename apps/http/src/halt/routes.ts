import { PauseReason } from "@campaignctl/core"
import { HoldRecord, HoldStore, isWithin, liftHold } from "@campaignctl/operations"
import { Effect, Schema } from "effect"
import { boundTo } from "../callers/Caller.ts"
import { NOTE } from "../campaigns/schemas.ts"
import { selectorOf } from "../fleet/submit.ts"
import { holdsPort } from "../operations/ports.ts"
import { SelectorBody } from "../operations/schemas.ts"
import { ACCEPTED, KEY_HEADER } from "../operations/submit.ts"
import { halted } from "./halted.ts"
import { json } from "../routes/Answer.ts"
import { asJson } from "../routes/asJson.ts"
import { noBody, none, route } from "../routes/Route.ts"
import { LINE, LINE_WORDS } from "../routes/text.ts"

/** Longest name of a halt, in characters: the engine's own limit. */
const LONGEST_NAME = 100
/** Milliseconds for which a halt looks for campaigns that still dial, unless said: long calls end in five minutes. */
const DEFAULT_PROOF_MS = 300_000
/** The longest: an hour. */
const LONGEST_PROOF_MS = 3_600_000
/** Holds in an answer, the newest; of those that hold, all. */
const MOST_LIFTED = 200

const Name = Schema.String.check(
  Schema.isPattern(LINE, LINE_WORDS),
  Schema.isMaxLength(LONGEST_NAME)
).annotate({ description: "By which it is lifted." })

const HaltBody = Schema.Struct({
  name: Name,
  selector: SelectorBody,
  reason: PauseReason,
  note: Schema.optionalKey(NOTE),
  proofDeadlineMs: Schema.optionalKey(
    Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: LONGEST_PROOF_MS })).annotate({
      description: `How long it goes on looking for campaigns that still dial, in milliseconds; ${DEFAULT_PROOF_MS} unless said.`
    })
  )
}).annotate({ identifier: "HaltRequest" })

const HoldList = Schema.Struct({
  holds: Schema.Array(HoldRecord.annotate({ identifier: "Hold" }))
}).annotate({ identifier: "HoldList" })

const raiseRoute = route({
  method: "POST",
  path: "/v1/halt",
  operationId: "halt",
  summary:
    "The panic stop: stop every campaign that is meant, prove it, and start none until it is lifted.",
  scope: "campaigns:halt",
  params: none,
  query: none,
  body: HaltBody,
  headers: [KEY_HEADER],
  success: {
    ...ACCEPTED,
    description:
      "The halt is durable, and goes on whatever becomes of this process. Where the database cannot be used it stops all the same, and says `durable: false`: it then runs in this process alone, and ends with it. Sent again, with its key or while it stops, it answers how far it is."
  },
  problems: ["IDEMPOTENCY_IN_PROGRESS", "IDEMPOTENCY_KEY_REUSED"],
  runsToTheEnd: true,
  withoutDatabase: true,
  run: ({ body }, incoming) =>
    halted(
      {
        spec: {
          _tag: "Halt",
          name: body.name,
          selector: selectorOf(body.selector),
          pauseReason: body.reason,
          proofDeadlineMs: body.proofDeadlineMs ?? DEFAULT_PROOF_MS,
          ...(body.note === undefined ? {} : { note: body.note })
        },
        fingerprint: { method: "POST", path: "/v1/halt", body: asJson(body) }
      },
      incoming
    )
})

const listRoute = route({
  method: "GET",
  path: "/v1/halt",
  operationId: "listHolds",
  summary: "What halts hold: no campaign in their scope is started.",
  scope: "campaigns:read",
  params: none,
  body: noBody,
  query: Schema.Struct({
    lifted: Schema.optionalKey(
      Schema.Literals(["true", "false"]).annotate({
        description: "`true` lists those that were lifted, the newest of them, instead."
      })
    )
  }),
  success: { description: "They.", mediaTypes: { "application/json": HoldList } },
  problems: [],
  run: Effect.fnUntraced(function* ({ query }, { caller }) {
    const found = yield* (yield* holdsPort).list(
      query.lifted === "true" ? { active: false, limit: MOST_LIFTED } : { active: true }
    )
    return json({
      holds: found.filter((hold) => isWithin(caller.divisionIds, hold))
    } satisfies typeof HoldList.Type)
  })
})

const liftRoute = route({
  method: "DELETE",
  path: "/v1/halt/{name}",
  operationId: "liftHalt",
  summary: "Lift every hold of a name. Nothing is started by it.",
  scope: "campaigns:halt",
  params: Schema.Struct({ name: Name }),
  query: Schema.Struct({ note: Schema.optionalKey(NOTE) }),
  body: noBody,
  success: {
    description: "The holds that were lifted.",
    mediaTypes: { "application/json": HoldList }
  },
  problems: ["HOLD_NOT_FOUND"],
  runsToTheEnd: true,
  run: Effect.fnUntraced(function* ({ params, query }, { caller }) {
    const holds = yield* liftHold({
      name: params.name,
      liftedBy: caller.requestedBy,
      source: "http",
      ...boundTo(caller),
      ...(query.note === undefined ? {} : { note: query.note })
    }).pipe(Effect.provideService(HoldStore, yield* holdsPort))
    return json({ holds } satisfies typeof HoldList.Type)
  })
})

export const haltRoutes = [raiseRoute, listRoute, liftRoute]
