import { AuditDraft, AuditUnavailable } from "@campaignctl/core"
import { Context, Effect, Schema } from "effect"

/** An entry that the ledger could not take, to be taken over into it later. */
export const JournalLine = Schema.Struct({
  /** UUID v7. */
  id: Schema.String,
  /** When it was meant to be written; ISO 8601 in UTC, milliseconds. */
  at: Schema.String,
  draft: AuditDraft,
  /** For an outcome whose intent is in the journal too: the line of that intent. */
  settles: Schema.NullOr(Schema.String)
})
export type JournalLine = typeof JournalLine.Type

/**
 * Where a halt writes its entries while the ledger cannot take them. The default takes nothing: a
 * deployment that wants none of its stops untold provides one.
 */
export class Journal extends Context.Reference<{
  /** Durable when it succeeds. */
  readonly append: (line: JournalLine) => Effect.Effect<void, AuditUnavailable>
}>("@campaignctl/operations/Journal", {
  defaultValue: () => ({
    append: () =>
      Effect.fail(
        new AuditUnavailable({
          detail: "There is no emergency journal.",
          changeMayHaveHappened: false
        })
      )
  })
}) {}
