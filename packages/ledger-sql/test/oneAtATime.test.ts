import { AuditLog } from "@campaignctl/core"
import { auditDraft } from "@campaignctl/core/testing"
import { freshDatabase } from "@campaignctl/postgres-server/fresh"
import { Effect, Layer } from "effect"
import { expect, it } from "vitest"
import { idsLive } from "../src/index.ts"
import { ledgerAt } from "./support/ledgerAt.ts"

const OPENED_AT_ONCE = 8

it("makes the tables of an empty database once, however many open it at once", async () => {
  const url = await freshDatabase()
  const appended = Effect.provide(
    AuditLog.use((log) => log.append(auditDraft({ kind: "rejection" }))),
    ledgerAt(url).pipe(Layer.provide(idsLive)),
    { local: true }
  )
  const entries = await Effect.runPromise(
    Effect.all(
      Array.from({ length: OPENED_AT_ONCE }, () => appended),
      { concurrency: "unbounded" }
    )
  )
  expect(new Set(entries.map(({ sequence }) => sequence))).toEqual(
    new Set(Array.from({ length: OPENED_AT_ONCE }, (_, index) => index + 1))
  )
})
