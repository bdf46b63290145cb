/** Appends one intent and prints the error as JSON, if there is one: `node appendOnce.ts FILE`. */
import { argv } from "node:process"
import { AuditLog } from "@campaignctl/core"
import { auditDraft } from "@campaignctl/core/testing"
import { Effect, Layer } from "effect"
import { idsLive, layerSqlite } from "../../src/index.ts"

const [, , filename = ""] = argv

const appended = AuditLog.use((log) => log.append(auditDraft())).pipe(
  Effect.provide(layerSqlite({ filename }).pipe(Layer.provide(idsLive))),
  Effect.map(({ sequence }) => ({ sequence })),
  Effect.catch(({ _tag, detail }) => Effect.succeed({ _tag, detail }))
)

console.log(JSON.stringify(await Effect.runPromise(appended)))
