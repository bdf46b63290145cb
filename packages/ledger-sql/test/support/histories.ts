import { type AuditDraft, type AuditEntry, AuditLog } from "@campaignctl/core"
import { auditDraft, outcomeDraft } from "@campaignctl/core/testing"
import { Effect } from "effect"
import fc from "fast-check"

/** One thing that a history appends. `settle` picks among the intents that are open then. */
type Step =
  | { readonly _tag: "Append"; readonly draft: AuditDraft }
  | { readonly _tag: "Settle"; readonly pick: number; readonly overrides: Partial<AuditDraft> }

/** Text with everything in it that a ledger might stumble over. */
const anyText = fc.oneof(
  fc.string({ unit: "binary", maxLength: 12 }),
  fc.constantFrom("Winter renewals", "\ufffd", "\u0000", '"hash":"', "é🜁", "", "=1+1")
)

const texts = fc.record({
  campaignName: anyText,
  requestedBy: anyText,
  note: fc.option(anyText),
  errorDetails: fc.option(anyText)
})

const draft: fc.Arbitrary<AuditDraft> = fc
  .tuple(
    texts,
    fc.constantFrom(
      auditDraft(),
      auditDraft({ kind: "delivery" }),
      auditDraft({
        kind: "rules-changed",
        rules: { what: "schedule-replaced", name: "=evening", before: '{"at":[]}', after: "ü…" }
      }),
      auditDraft({ kind: "rejection", outcome: "rejected" }),
      outcomeDraft(null, { outcome: "already-there", attempts: 0 })
    )
  )
  .map(([overrides, base]) => ({ ...base, ...overrides }))

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ _tag: fc.constant("Append" as const), draft }),
  fc.record({ _tag: fc.constant("Settle" as const), pick: fc.nat(), overrides: texts })
)

/** Random ledgers, as what was appended to them. */
export const histories = (minLength: number): fc.Arbitrary<ReadonlyArray<Step>> =>
  fc.array(step, { minLength, maxLength: 12 })

/** Random ledgers that begin with an intent and its outcome, so that every column is filled somewhere. */
export const settledHistories: fc.Arbitrary<ReadonlyArray<Step>> = histories(0).map((steps) => [
  { _tag: "Append", draft: auditDraft() },
  { _tag: "Settle", pick: 0, overrides: {} },
  ...steps
])

/** Appends a history; a `settle` with no open intent appends a rejection, so that each step is one entry. */
export const appendHistory = Effect.fnUntraced(function* (steps: ReadonlyArray<Step>) {
  const log = yield* AuditLog
  const open: Array<string> = []
  const entries: Array<AuditEntry> = []
  for (const next of steps) {
    const [settled] =
      next._tag === "Settle" ? open.splice(next.pick % Math.max(open.length, 1), 1) : []
    const drafted =
      next._tag === "Append"
        ? next.draft
        : settled === undefined
          ? auditDraft({ kind: "rejection", outcome: "rejected" })
          : outcomeDraft(settled, next.overrides)
    const entry = yield* log.append(drafted)
    if (entry.kind === "intent") open.push(entry.id)
    entries.push(entry)
  }
  return entries
})
