import { AuditEntry } from "@campaignctl/core"
import { Schema } from "effect"

export const Entry = AuditEntry.annotate({ identifier: "AuditEntry" })

export const EntryList = Schema.Struct({
  entries: Schema.Array(Entry),
  nextCursor: Schema.NullOr(Schema.String).annotate({
    description: "Send it as `cursor` for the next page; null on the last."
  })
}).annotate({ identifier: "AuditList" })

export const VerificationDocument = Schema.Struct({
  intact: Schema.Boolean,
  entries: Schema.Int,
  headHash: Schema.NullOr(Schema.String),
  firstBadSequence: Schema.NullOr(Schema.Int),
  why: Schema.NullOr(Schema.String)
}).annotate({ identifier: "Verification" })
