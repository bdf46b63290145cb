/**
 * Writes intents and outcomes to a ledger until it is killed: `node crasher.ts FILE|URL [MACHINE]`, with an IPC channel.
 * Says `started` once a first intent is in the ledger, and goes on when it is told to.
 */
import { argv } from "node:process"
import { AuditLog } from "@campaignctl/core"
import { auditDraft, outcomeDraft } from "@campaignctl/core/testing"
import { Effect, Layer } from "effect"
import { idsLive } from "../../src/index.ts"
import { ledgerAt } from "../support/ledgerAt.ts"

const [, , target = "", machine] = argv

const told = Effect.callback<void>((resume) => {
  process.once("message", () => resume(Effect.void))
})

const main = Effect.gen(function* () {
  const log = yield* AuditLog
  const first = yield* log.append(auditDraft())
  process.send?.("started")
  yield* told
  yield* log.append(outcomeDraft(first.id))
  const pair = Effect.flatMap(log.append(auditDraft()), ({ id }) =>
    Effect.andThen(Effect.yieldNow, log.append(outcomeDraft(id)))
  )
  yield* Effect.forever(pair)
})

await Effect.runPromise(
  main.pipe(Effect.provide(ledgerAt(target, machine).pipe(Layer.provide(idsLive))))
)
