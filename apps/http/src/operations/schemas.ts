import { CampaignState, OverridableGuard, PauseReason, TargetState } from "@campaignctl/core"
import {
  FleetOrder,
  OperationCounts,
  OperationItem,
  OperationStatus,
  PlannedItem
} from "@campaignctl/operations"
import { Schema } from "effect"

/** Longest list of ids in a selector: together they fit in the largest body. */
const MOST_IDS = 1_000
/** Longest name pattern, in characters. */
const LONGEST_PATTERN = 200
/** Longest wait for calls to end: a day, in milliseconds. */
const LONGEST_DRAIN_MS = 86_400_000

const Uuid = Schema.String.check(Schema.isUUID())
const ids = Schema.Array(Uuid).check(Schema.isMinLength(1), Schema.isMaxLength(MOST_IDS))

const selectorFields = {
  ids: Schema.optionalKey(ids),
  divisionIds: Schema.optionalKey(ids),
  namePattern: Schema.optionalKey(
    Schema.NonEmptyString.check(Schema.isMaxLength(LONGEST_PATTERN)).annotate({
      description: "Names with `*` for any characters and `?` for one, without regard to case."
    })
  ),
  queueIds: Schema.optionalKey(ids),
  states: Schema.optionalKey(
    Schema.Array(CampaignState)
      .check(Schema.isMinLength(1), Schema.isMaxLength(CampaignState.literals.length))
      .annotate({ description: "What the campaigns must be now." })
  ),
  all: Schema.optionalKey(Schema.Literal(true))
} as const

/** Which campaigns are meant: the words of an operation's own selector, with the limits of a request. */
export const SelectorBody = Schema.Struct(selectorFields)
  .check(Schema.isMinProperties(1))
  .annotate({
    identifier: "Selector",
    description:
      "The campaigns that match every part that is present. `all` must be said in so many words."
  })
export type SelectorBody = typeof SelectorBody.Type

/** As it was asked for, by whichever way: without the limits of a request. */
const SelectorDocument = Schema.Struct({
  ids: Schema.optionalKey(Schema.Array(Schema.String)),
  divisionIds: Schema.optionalKey(Schema.Array(Schema.String)),
  namePattern: Schema.optionalKey(Schema.String),
  queueIds: Schema.optionalKey(Schema.Array(Schema.String)),
  states: Schema.optionalKey(Schema.Array(CampaignState)),
  all: Schema.optionalKey(Schema.Literal(true))
}).annotate({ identifier: "SelectorAsked" })

/** Milliseconds for running calls to end. */
export const DrainDeadline = Schema.Int.check(
  Schema.isBetween({ minimum: 1, maximum: LONGEST_DRAIN_MS })
).annotate({
  description:
    "Wait, after the change, until the calls have ended, so many milliseconds at most. The change stands when they pass."
})

/** What is asked of each campaign, in the words of a transition's request. */
export const ChangeDocument = Schema.Struct({
  target: TargetState,
  reason: Schema.optionalKey(PauseReason),
  note: Schema.optionalKey(Schema.String),
  drain: Schema.optionalKey(Schema.Boolean),
  restart: Schema.optionalKey(Schema.Boolean),
  override: Schema.optionalKey(
    Schema.Array(Schema.Struct({ guard: OverridableGuard, note: Schema.String }))
  )
}).annotate({ identifier: "Change" })
export type ChangeDocument = typeof ChangeDocument.Type

export const KINDS = ["transition", "fleet", "halt"] as const
export const Kind = Schema.Literals(KINDS)

const Asked = Schema.Struct({
  campaignId: Schema.optionalKey(Schema.String),
  selector: Schema.optionalKey(SelectorDocument),
  change: Schema.optionalKey(ChangeDocument),
  ifMatch: Schema.optionalKey(Schema.String.annotate({ description: "The lock token to match." })),
  order: Schema.optionalKey(FleetOrder),
  concurrency: Schema.optionalKey(Schema.Int),
  maxFailures: Schema.optionalKey(Schema.NullOr(Schema.Int)),
  drainDeadlineMs: Schema.optionalKey(Schema.Int),
  name: Schema.optionalKey(
    Schema.String.annotate({ description: "Of a halt: the name by which it is lifted." })
  ),
  reason: Schema.optionalKey(PauseReason),
  note: Schema.optionalKey(Schema.String),
  proofDeadlineMs: Schema.optionalKey(Schema.Int)
}).annotate({
  identifier: "OperationAsked",
  description: "What was asked for; which members there are depends on the kind."
})

const Instant = Schema.NullOr(Schema.String.annotate({ description: "ISO 8601 in UTC." }))

export const OperationDocument = Schema.Struct({
  id: Schema.String,
  kind: Kind,
  status: OperationStatus,
  over: Schema.Boolean.annotate({ description: "Whether nothing more will come of it." }),
  durable: Schema.Boolean.annotate({
    description:
      "false for a halt that was begun while the database could not be used: it runs in the process that answered, and ends with it."
  }),
  cancelRequested: Schema.Boolean,
  counts: OperationCounts.annotate({
    identifier: "OperationCounts",
    description: "Campaigns by what has come of them."
  }),
  asked: Asked,
  requestedBy: Schema.String,
  source: Schema.String,
  scheduleId: Schema.NullOr(Schema.String),
  submittedAt: Schema.String,
  startedAt: Instant,
  finishedAt: Instant,
  detail: Schema.NullOr(Schema.String),
  report: Schema.NullOr(Schema.Unknown).annotate({
    description: "What the kind of operation has to tell when it is over, such as a halt's times."
  })
}).annotate({ identifier: "Operation" })
export type OperationDocument = typeof OperationDocument.Type

const nextCursor = Schema.NullOr(Schema.String).annotate({
  description: "Send it as `cursor` for the next page; null on the last."
})

export const OperationList = Schema.Struct({
  operations: Schema.Array(OperationDocument),
  nextCursor
}).annotate({ identifier: "OperationList" })

export const ItemList = Schema.Struct({
  items: Schema.Array(OperationItem.annotate({ identifier: "OperationItem" })),
  nextCursor
}).annotate({ identifier: "OperationItemList" })

export const FleetPlan = Schema.Struct({
  items: Schema.Array(PlannedItem.annotate({ identifier: "PlannedItem" })),
  nextCursor
}).annotate({
  identifier: "FleetPlan",
  description: "What would come of each campaign, were the fleet to run now."
})
