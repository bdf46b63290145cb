/** Appends intents and their outcomes to one ledger: `node appender.ts FILE|URL PAIRS`. Run several at once. */
import { argv } from "node:process"
import { AuditLog } from "@campaignctl/core"
import { auditDraft, outcomeDraft } from "@campaignctl/core/testing"
import { Effect, Layer } from "effect"
import { idsLive } from "../../src/index.ts"
import { ledgerAt } from "../support/ledgerAt.ts"

const [, , target = "", pairs = "0"] = argv

const appendPair = Effect.gen(function* () {
  const log = yield* AuditLog
  const intent = yield* log.append(auditDraft({ requestedBy: `process ${process.pid}` }))
  yield* log.append(outcomeDraft(intent.id, { requestedBy: `process ${process.pid}` }))
})

await Effect.runPromise(
  Effect.repeat(appendPair, { times: Number(pairs) - 1 }).pipe(
    Effect.provide(ledgerAt(target).pipe(Layer.provide(idsLive)))
  )
)
