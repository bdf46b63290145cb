import { type AuditDraft, AuditLog } from "@campaignctl/core"
import { auditDraft, outcomeDraft } from "@campaignctl/core/testing"
import { Effect } from "effect"
import { SqlClient } from "effect/sql"
import type { Plan } from "../Plan.ts"
import { type Row, readable } from "../Row.ts"
import { median, ratesOf, timed } from "../stats.ts"
import { temporaryLedger } from "../temporaryLedger.ts"

/** Entries written in one transaction while a long ledger is made; how that is done is not measured. */
const ENTRIES_PER_TRANSACTION = 1_000

const appendMany = (entries: number, draft: AuditDraft) =>
  AuditLog.use((log) =>
    Effect.forEach(Array.from({ length: entries }), () => log.append(draft), { discard: true })
  )

/** Entries per second, one after the other, each flushed to the disk before the next. */
export const measureAppends = async (plan: Plan): Promise<Row> => {
  using ledger = temporaryLedger()
  const measured = Effect.gen(function* () {
    const context = yield* Effect.context<AuditLog>()
    const batch = () =>
      Effect.runPromiseWith(context)(appendMany(plan.appendsPerBatch, auditDraft()))
    return yield* Effect.promise(() => ratesOf(plan.batches, plan.appendsPerBatch, batch))
  })
  const rates = await Effect.runPromise(Effect.provide(measured, ledger.layer))
  const perSecond = median(rates)
  return {
    what: "ledger entries appended per second, SQLite, flushed one by one",
    figure: readable(perSecond),
    n: rates.length,
    values: { perSecond }
  }
}

/** How long it takes to verify a long ledger from its first entry to its last. */
export const measureVerify = async (plan: Plan): Promise<Row> => {
  using ledger = temporaryLedger()
  const filled = Effect.gen(function* () {
    const sql = yield* SqlClient.SqlClient
    for (let made = 0; made < plan.entriesToVerify; made += ENTRIES_PER_TRANSACTION) {
      const some = Math.min(ENTRIES_PER_TRANSACTION, plan.entriesToVerify - made)
      yield* sql.withTransaction(appendMany(some, outcomeDraft(null)))
    }
  })
  await Effect.runPromise(Effect.provide(filled, ledger.layerWithClient))
  // A connection of its own, as `campaignctl audit verify` has one.
  const verify = AuditLog.use((log) => log.verify).pipe(Effect.provide(ledger.layer))
  const millis = await timed(async () => {
    const found = await Effect.runPromise(verify)
    if (found._tag !== "Intact" || found.entries !== plan.entriesToVerify)
      throw new Error(`the ledger does not verify: ${JSON.stringify(found)}`)
  })
  return {
    what: `verify ${new Intl.NumberFormat("en").format(plan.entriesToVerify)} ledger entries`,
    figure: `${readable(millis)} ms`,
    n: 1,
    values: { millis, entries: plan.entriesToVerify }
  }
}
