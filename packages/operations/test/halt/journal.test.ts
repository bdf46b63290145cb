import { appendFileSync, mkdtempSync, readdirSync, rmSync, statSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { AuditLog } from "@campaignctl/core"
import {
  auditDraft,
  memoryAuditLog,
  MemoryLedger,
  outcomeDraft,
  sequentialIds
} from "@campaignctl/core/testing"
import { expect, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import { fileJournal, Journal, type JournalLine, takeOverJournals } from "../../src/halt/index.ts"

const directory = Effect.acquireRelease(
  Effect.sync(() => mkdtempSync(join(tmpdir(), "journal-"))),
  (path) => Effect.sync(() => rmSync(path, { recursive: true }))
)

const ledger = memoryAuditLog.pipe(Layer.provide(sequentialIds))

const line = (id: string, part: Partial<JournalLine> = {}): JournalLine => ({
  id,
  at: "2026-11-23T12:00:00.000Z",
  draft: auditDraft({ requestId: "halt-1" }),
  settles: null,
  ...part
})

const outcome = (id: string, settles: string): JournalLine =>
  line(id, { settles, draft: outcomeDraft(null, { requestId: "halt-1" }) })

const writing = (path: string, ...lines: ReadonlyArray<JournalLine>) =>
  Effect.gen(function* () {
    const journal = yield* Journal
    yield* Effect.forEach(lines, journal.append, { concurrency: "unbounded" })
  }).pipe(Effect.provide(fileJournal(path)))

it.live("what the journal took comes into the ledger once, outcomes beside their intents", () =>
  Effect.gen(function* () {
    const path = join(yield* directory, "made", "when needed")
    yield* writing(path, line("one"), line("two"), outcome("three", "one"))
    expect(yield* takeOverJournals(path)).toEqual({ entries: 3, unreadable: 0 })
    expect(yield* takeOverJournals(path)).toEqual({ entries: 0, unreadable: 0 })
    const entries = yield* MemoryLedger.use(({ entries }) => entries)
    expect(entries.map(({ intentId, kind }) => [kind, intentId])).toEqual([
      ["intent", null],
      ["intent", null],
      ["outcome", entries[0]?.id]
    ])
    expect(entries[0]?.errorDetails).toBe(
      "Emergency journal line one of 2026-11-23T12:00:00.000Z, when the ledger could not take it."
    )
    expect((yield* AuditLog.use(({ verify }) => verify))._tag).toBe("Intact")
    // Kept, and nobody else's to read.
    const [file = ""] = readdirSync(path)
    expect(file).toMatch(/\.taken$/)
    expect(statSync(join(path, file)).mode & 0o077).toBe(0)
  }).pipe(Effect.provide(ledger, { local: true }))
)

it.live("a taking over that was broken off is ended by the next, and nothing comes in twice", () =>
  Effect.gen(function* () {
    const path = yield* directory
    yield* writing(path, line("one"), outcome("two", "one"), line("three"))
    const log = yield* AuditLog
    let appends = 0
    const failing = AuditLog.of({
      ...log,
      append: (draft) =>
        Effect.suspend(() => {
          appends += 1
          return appends > 2 ? Effect.interrupt : log.append(draft)
        })
    })
    yield* Effect.exit(Effect.provideService(takeOverJournals(path), AuditLog, failing))
    expect(yield* takeOverJournals(path)).toEqual({ entries: 1, unreadable: 0 })
    const entries = yield* MemoryLedger.use(({ entries }) => entries)
    expect(entries.map(({ kind }) => kind)).toEqual(["intent", "outcome", "intent"])
  }).pipe(Effect.provide(ledger, { local: true }))
)

it.live("a line that a crash cut short keeps nothing else out, and is told of", () =>
  Effect.gen(function* () {
    const path = yield* directory
    yield* writing(path, line("one"))
    const [file = ""] = readdirSync(path)
    appendFileSync(join(path, file), '{"id":"cut sho')
    expect(yield* takeOverJournals(path)).toEqual({ entries: 1, unreadable: 1 })
  }).pipe(Effect.provide(ledger, { local: true }))
)

it.live("without a journal there is nothing to take over; without a place for one it says so", () =>
  Effect.gen(function* () {
    const path = yield* directory
    expect(yield* takeOverJournals(join(path, "none"))).toEqual({ entries: 0, unreadable: 0 })
    const file = join(path, "a file")
    appendFileSync(file, "")
    const error = yield* Effect.flip(writing(join(file, "below"), line("one")))
    expect(error).toMatchObject({ _tag: "AuditUnavailable" })
    expect(
      yield* Effect.flip(Effect.flatMap(Journal, ({ append }) => append(line("one"))))
    ).toMatchObject({ detail: "There is no emergency journal." })
  }).pipe(Effect.provide(ledger, { local: true }))
)
