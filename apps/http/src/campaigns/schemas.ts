import {
  CampaignState,
  OverridableGuard,
  PauseReason,
  TargetState,
  Verdict
} from "@campaignctl/core"
import { Schema } from "effect"
import { DrainDeadline } from "../operations/schemas.ts"
import { TEXT, TEXT_WORDS } from "../routes/text.ts"

/** Longest note, in characters: a paragraph. The core's own limit. */
const NOTE_LIMIT = 2_000

const Reference = Schema.Struct({
  id: Schema.String,
  name: Schema.optionalKey(Schema.String)
}).annotate({ identifier: "Reference" })

const campaignFields = {
  id: Schema.String,
  name: Schema.String,
  state: CampaignState.annotate({ description: "What the campaign is, in our words." }),
  status: Schema.String.annotate({ description: "The status in Genesys' own words." }),
  dialingMode: Schema.optionalKey(Schema.String),
  queue: Schema.optionalKey(Reference),
  division: Schema.optionalKey(Reference),
  callableTimeSet: Schema.optionalKey(Reference),
  pauseReason: Schema.optionalKey(PauseReason),
  lock: Schema.String.annotate({ description: "The lock token; the ETag is made from it." }),
  drifted: Schema.Boolean.annotate({
    description: "Whether somebody else has changed the state since the ledger last recorded it."
  }),
  observedAt: Schema.String.annotate({ description: "ISO 8601 in UTC." })
} as const

export const CampaignDocument = Schema.Struct(campaignFields).annotate({ identifier: "Campaign" })
export type CampaignDocument = typeof CampaignDocument.Type

const Target = Schema.Struct({
  target: TargetState,
  outcome: Schema.Literals(["allowed", "already-there", "rejected"]).annotate({
    description: "What would be decided now, with what it needs."
  }),
  needs: Schema.Array(Schema.Literals(["reason", "restart"])).annotate({
    description: "Members of the request without which it would be rejected."
  }),
  verdicts: Schema.Array(Verdict).annotate({
    description: "Every guard's verdict on the bare request."
  })
}).annotate({ identifier: "Target" })

export const CampaignDetail = Schema.Struct({
  ...campaignFields,
  targets: Schema.Array(Target)
}).annotate({ identifier: "CampaignDetail" })
export type CampaignDetail = typeof CampaignDetail.Type

export const CampaignList = Schema.Struct({
  campaigns: Schema.Array(CampaignDocument),
  nextCursor: Schema.NullOr(Schema.String).annotate({
    description: "Send it as `cursor` for the next page; null on the last."
  }),
  partial: Schema.Boolean.annotate({
    description:
      "Whether the page is shorter than asked for because too many campaigns were looked through."
  })
}).annotate({ identifier: "CampaignList" })

export const DecisionDocument = Schema.Struct({
  campaignId: Schema.String,
  name: Schema.String,
  from: CampaignState,
  target: TargetState,
  outcome: Schema.Literals(["allowed", "already-there", "rejected"]),
  verdicts: Schema.Array(Verdict)
}).annotate({ identifier: "Decision" })

/** A note that the audit keeps. */
export const NOTE = Schema.String.check(
  Schema.isPattern(TEXT, TEXT_WORDS),
  Schema.isMaxLength(NOTE_LIMIT)
).annotate({
  description: "Kept in the audit."
})

/** Guards that can be overridden: no request can name more. */
const MOST_OVERRIDES = OverridableGuard.literals.length

export const TransitionBody = Schema.Struct({
  target: TargetState,
  reason: Schema.optionalKey(
    PauseReason.annotate({ description: "Why the campaign is paused; required for `paused`." })
  ),
  note: Schema.optionalKey(NOTE),
  drain: Schema.optionalKey(
    Schema.Boolean.annotate({
      description:
        "False asks for running calls to be ended, where the contract can. True unless said."
    })
  ),
  override: Schema.optionalKey(
    Schema.Array(Schema.Struct({ guard: OverridableGuard, note: NOTE }))
      .check(Schema.isMaxLength(MOST_OVERRIDES))
      .annotate({
        description: "Guards to decide against, each with a note. Needs campaigns:override."
      })
  ),
  restart: Schema.optionalKey(
    Schema.Boolean.annotate({
      description: "Dial a completed list again from its first record."
    })
  ),
  drainDeadlineMs: Schema.optionalKey(DrainDeadline),
  dryRun: Schema.optionalKey(
    Schema.Boolean.annotate({ description: "Decide alone: nothing is written anywhere." })
  )
}).annotate({ identifier: "TransitionRequest" })
export type TransitionBody = typeof TransitionBody.Type

export const TransitionDocument = Schema.Struct({
  campaignId: Schema.String,
  name: Schema.String,
  from: CampaignState.annotate({ description: "The state before." }),
  target: TargetState,
  state: CampaignState.annotate({
    description: "The state afterwards; `draining` after a pause whose calls still run."
  }),
  outcome: Schema.Literals(["applied", "already-there", "would-apply"]).annotate({
    description: "`would-apply` on a dry run alone."
  }),
  dryRun: Schema.Boolean,
  verdicts: Schema.Array(Verdict),
  warnings: Schema.Array(Schema.String),
  attempts: Schema.Int.annotate({ description: "Changes that were sent to Genesys." }),
  latencyMs: Schema.Int,
  lockBefore: Schema.String,
  lockAfter: Schema.String,
  auditSequence: Schema.NullOr(Schema.Int).annotate({
    description: "The ledger's sequence of the outcome; null on a dry run."
  })
}).annotate({ identifier: "Transition" })
export type TransitionDocument = typeof TransitionDocument.Type
