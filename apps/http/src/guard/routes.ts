import { CampaignState, HoldScope } from "@campaignctl/core"
import { Effect, Schema } from "effect"
import { guardPort } from "../operations/ports.ts"
import { json } from "../routes/Answer.ts"
import { noBody, none, route } from "../routes/Route.ts"

const Instant = Schema.NullOr(Schema.String.annotate({ description: "ISO 8601 in UTC." }))

const Condition = Schema.Union([
  Schema.Struct({
    name: Schema.Literal("window"),
    verdict: Schema.Literals(["open", "closing", "closed", "unknown"]),
    since: Instant
  }),
  Schema.Struct({
    name: Schema.Literal("agents"),
    verdict: Schema.Literals(["enough", "short", "unknown", "not asked", "not needed"]),
    since: Instant,
    available: Schema.optionalKey(Schema.Int),
    minimum: Schema.Int
  })
]).annotate({ identifier: "GuardCondition" })

const Supervised = Schema.Struct({
  campaignId: Schema.String,
  name: Schema.String,
  divisionId: Schema.NullOr(Schema.String),
  state: CampaignState,
  conditions: Schema.Array(Condition),
  next: Schema.Struct({
    act: Schema.Literals(["pause", "resume", "none"]),
    at: Instant,
    why: Schema.String
  }).annotate({ description: "What the guard will do, and why." }),
  last: Schema.NullOr(
    Schema.Struct({
      act: Schema.Literals(["pause", "resume"]),
      at: Schema.String,
      result: Schema.String
    })
  ),
  acts: Schema.Int.annotate({ description: "The guard's own pauses and resumes within the hour." }),
  flapLimit: Schema.Int,
  pausedByGuard: Schema.Boolean,
  drift: Schema.NullOr(
    Schema.Struct({ kind: Schema.Literals(["start", "stop"]), at: Schema.String })
  ).annotate({ description: "A change made elsewhere." })
}).annotate({ identifier: "Supervised" })

const GuardDocument = Schema.Struct({
  supervises: Schema.Boolean.annotate({ description: "Whether any campaign is under its care." }),
  policy: Schema.Struct({
    care: Schema.NullOr(HoldScope),
    intervalMs: Schema.Int,
    pauseDwellMs: Schema.Int,
    resumeDwellMs: Schema.Int,
    closingMarginMs: Schema.Int,
    flapLimit: Schema.Int,
    drift: Schema.Literals(["report", "adopt", "revert"]),
    revertStops: Schema.Boolean
  }).annotate({ identifier: "SupervisionPolicy" }),
  lagMs: Schema.Int.annotate({
    description:
      "Milliseconds within which a campaign that must not dial is paused, while Genesys answers."
  }),
  lastLook: Schema.NullOr(
    Schema.Struct({
      startedAt: Schema.String,
      tookMs: Schema.Int,
      campaigns: Schema.Int,
      begun: Schema.Int,
      nextAt: Schema.String,
      failure: Schema.NullOr(Schema.String)
    })
  ),
  campaigns: Schema.Array(Supervised)
}).annotate({ identifier: "Guard" })

export const guardRoute = route({
  method: "GET",
  path: "/v1/guard",
  operationId: "getGuard",
  summary: "What is supervised, and why something was or was not done.",
  scope: "campaigns:read",
  params: none,
  query: none,
  body: noBody,
  success: {
    description: "The guard, as whichever process looks last.",
    mediaTypes: { "application/json": GuardDocument }
  },
  problems: [],
  run: Effect.fnUntraced(function* (_, { caller }) {
    const found = yield* (yield* guardPort).status(caller.divisionIds)
    if (caller.divisionIds === undefined) return json(found satisfies typeof GuardDocument.Type)
    // How many campaigns there are elsewhere, and which are under care, is not theirs to know.
    return json({
      ...found,
      policy: { ...found.policy, care: null },
      lastLook: null
    } satisfies typeof GuardDocument.Type)
  })
})
