/** Appends intents and their outcomes to one ledger: `node appender.ts FILE PAIRS`. Run several at once. */
import { argv } from "node:process"
import { AuditLog } from "@campaignctl/core"
import { auditDraft, outcomeDraft } from "@campaignctl/core/testing"
import { Effect, Layer } from "effect"
import { idsLive, layerSqlite } from "../../src/index.ts"

const [, , filename = "", pairs = "0"] = argv

const appendPair = Effect.gen(function* () {
  const log = yield* AuditLog
  const intent = yield* log.append(auditDraft({ requestedBy: `process ${process.pid}` }))
  yield* log.append(outcomeDraft(intent.id, { requestedBy: `process ${process.pid}` }))
})

await Effect.runPromise(
  Effect.repeat(appendPair, { times: Number(pairs) - 1 }).pipe(
    Effect.provide(layerSqlite({ filename }).pipe(Layer.provide(idsLive)))
  )
)
