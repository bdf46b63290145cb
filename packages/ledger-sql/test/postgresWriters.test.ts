import { type ChildProcess, fork } from "node:child_process"
import { once } from "node:events"
import { AuditLog } from "@campaignctl/core"
import { auditDraft, outcomeDraft } from "@campaignctl/core/testing"
import { freshDatabase } from "@campaignctl/postgres-server/fresh"
import { Effect, Layer, Redacted } from "effect"
import { SqlClient } from "effect/sql"
import { describe, expect, it } from "vitest"
import { idsLive, layerSql } from "../src/index.ts"
import { layerPostgresClient } from "../src/postgres/index.ts"
import { LEASE_SECONDS } from "../src/postgres/postgresWriters.ts"
import { ledgerAt } from "./support/ledgerAt.ts"

const CRASHER = new URL("./programs/crasher.ts", import.meta.url)
const ELSEWHERE = "another machine"

/** A ledger on a database, and the database beneath it. */
const observer = (url: string) =>
  layerSql("the database").pipe(
    Layer.provideMerge(layerPostgresClient({ url: Redacted.make(url) })),
    Layer.provide(idsLive)
  )

/** As if the server had been started so long ago: its start counts as a sign of life from everybody. */
const serverStarted = Effect.fnUntraced(function* (secondsAgo: number) {
  const sql = yield* SqlClient.SqlClient
  yield* sql.unsafe(`CREATE OR REPLACE FUNCTION public.pg_postmaster_start_time() RETURNS timestamptz
    LANGUAGE sql AS 'SELECT clock_timestamp() - make_interval(secs => ${secondsAgo})'`)
  const [found] = yield* sql<{ name: string }>`SELECT current_database() AS name`
  yield* sql`ALTER DATABASE ${sql(found?.name ?? "")} SET search_path = public, pg_catalog`
})
const HOUR_SECONDS = 3_600

/** Lets the time since everybody's last sign of life be longer. */
const later = (seconds: number) =>
  Effect.flatMap(
    SqlClient.SqlClient,
    (sql) => sql`UPDATE ledger_writers SET seen_at = seen_at - make_interval(secs => ${seconds})`
  )

const started = async (url: string): Promise<ChildProcess> => {
  const child = fork(CRASHER, [url, ELSEWHERE], { stdio: ["ignore", "ignore", "inherit", "ipc"] })
  await once(child, "message")
  return child
}

const killed = async (child: ChildProcess): Promise<void> => {
  const ended = once(child, "exit")
  child.kill("SIGKILL")
  await ended
}

const unsettled = AuditLog.use((log) => log.unsettled)

describe("intents of a process on another machine", () => {
  it("are its own while it gives signs of life, and anybody's once the lease has run out", async () => {
    const url = await freshDatabase()
    const child = await started(url)
    await Effect.runPromise(
      Effect.provide(serverStarted(HOUR_SECONDS), observer(url), { local: true })
    )
    await Effect.runPromise(
      Effect.gen(function* () {
        const log = yield* AuditLog
        expect(yield* unsettled).toEqual([])
        yield* Effect.promise(() => killed(child))
        // Nobody here can tell its end from a connection that was lost.
        expect(yield* unsettled).toEqual([])
        yield* later(LEASE_SECONDS)
        const [open] = yield* unsettled
        expect(open?.kind).toBe("intent")
        yield* log.append(outcomeDraft(open?.id ?? "", { outcome: "recovered" }))
        expect(yield* unsettled).toEqual([])
      }).pipe(Effect.provide(observer(url)))
    )
  })

  it("are nobody's at once where it ended in order", async () => {
    const url = await freshDatabase()
    await Effect.runPromise(
      Effect.gen(function* () {
        const intent = yield* AuditLog.use((log) => log.append(auditDraft())).pipe(
          Effect.provide(ledgerAt(url, ELSEWHERE).pipe(Layer.provide(idsLive)), { local: true })
        )
        expect(yield* unsettled).toEqual([intent])
      }).pipe(Effect.provide(observer(url)))
    )
  })

  it("stay its own for another lease after the server was down, when nobody could beat", async () => {
    const url = await freshDatabase()
    await killed(await started(url))
    await Effect.runPromise(Effect.provide(serverStarted(0), observer(url), { local: true }))
    await Effect.runPromise(
      Effect.gen(function* () {
        yield* later(HOUR_SECONDS)
        expect(yield* unsettled).toEqual([])
        yield* serverStarted(LEASE_SECONDS)
        expect(yield* unsettled).toHaveLength(1)
      }).pipe(Effect.provide(observer(url)))
    )
  })
})
