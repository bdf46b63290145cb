/** Appends one intent and prints the error as JSON, if there is one: `node appendOnce.ts FILE|URL`. */
import { argv } from "node:process"
import { AuditLog } from "@campaignctl/core"
import { auditDraft } from "@campaignctl/core/testing"
import { Effect, Layer } from "effect"
import { idsLive } from "../../src/index.ts"
import { ledgerAt } from "../support/ledgerAt.ts"

const [, , target = ""] = argv

const appended = AuditLog.use((log) => log.append(auditDraft())).pipe(
  Effect.provide(ledgerAt(target).pipe(Layer.provide(idsLive))),
  Effect.map(({ sequence }) => ({ sequence })),
  Effect.catch(({ _tag, detail }) => Effect.succeed({ _tag, detail }))
)

console.log(JSON.stringify(await Effect.runPromise(appended)))
