import { readdir, readFile, rename } from "node:fs/promises"
import { join } from "node:path"
import { AuditLog, AuditUnavailable } from "@campaignctl/core"
import { Clock, Effect, Option, Predicate, Schema, Stream } from "effect"
import { JOURNAL_ENDING } from "./fileJournal.ts"
import { JournalLine } from "./Journal.ts"

/** The ending of a journal whose every line is in the ledger; kept, because nothing of it is ever deleted here. */
const TAKEN_ENDING = ".taken"

const decode = Schema.decodeUnknownOption(Schema.fromJsonString(JournalLine))

/** What came of taking journals over. */
export interface TakenOver {
  readonly entries: number
  /** Lines that cannot be read, such as one that a crash cut short. They stay in the file. */
  readonly unreadable: number
}

const onDisk = <A>(what: string, work: () => Promise<A>): Effect.Effect<A, AuditUnavailable> =>
  Effect.tryPromise({
    try: work,
    catch: (cause) =>
      new AuditUnavailable({
        detail: `The emergency journal cannot be ${what}: ${String(cause)}.`,
        changeMayHaveHappened: false
      })
  })

const journalsIn = (directory: string): Effect.Effect<ReadonlyArray<string>, AuditUnavailable> =>
  onDisk("looked for", async () => {
    try {
      const files = await readdir(directory)
      return files.filter((file) => file.includes(JOURNAL_ENDING) && !file.endsWith(TAKEN_ENDING))
    } catch (cause) {
      // No directory: nothing was ever written.
      if (Predicate.hasProperty(cause, "code") && cause.code === "ENOENT") return []
      throw cause
    }
  })

const markOf = (id: string) => `Emergency journal line ${id}`
const MARK = /^Emergency journal line (\S+) /

/** Tells in the entry where it comes from and when it was meant to be written; the ledger's own time is later. */
const lateDraft = ({ at, draft, id }: JournalLine): JournalLine["draft"] => ({
  ...draft,
  errorDetails: [
    `${markOf(id)} of ${at}, when the ledger could not take it.`,
    draft.errorDetails ?? ""
  ]
    .join(" ")
    .trim()
})

/** Ledger ids of the lines that are in the ledger already, by line; looked up once for each halt. */
const makeTaken = (ledger: AuditLog["Service"]) => {
  const ids = new Map<string, string>()
  const looked = new Set<string>()
  return {
    ids,
    look: Effect.fnUntraced(function* (requestId: string) {
      if (looked.has(requestId)) return
      yield* Stream.runForEach(ledger.query({ requestId }), ({ errorDetails, id }) =>
        Effect.sync(() => {
          const line = MARK.exec(errorDetails ?? "")?.[1]
          if (line !== undefined) ids.set(line, id)
        })
      )
      looked.add(requestId)
    })
  }
}

const takeOverFile = Effect.fnUntraced(function* (
  directory: string,
  file: string
): Effect.fn.Return<TakenOver, AuditUnavailable, AuditLog> {
  const ledger = yield* AuditLog
  const taken = makeTaken(ledger)
  // Renamed first: a process that is still writing begins a new file with its next line.
  const claimed = file.endsWith(JOURNAL_ENDING) ? `${file}.${yield* Clock.currentTimeMillis}` : file
  if (claimed !== file)
    yield* onDisk("renamed", () => rename(join(directory, file), join(directory, claimed)))
  let [done, entries, unreadable] = [0, 0, 0]
  while (true) {
    const text = yield* onDisk("read", () => readFile(join(directory, claimed), "utf8"))
    const lines = text.split("\n").filter((line) => line !== "")
    // A line may have been on its way while the file was renamed: read until nothing is new.
    if (lines.length === done) break
    for (const text of lines.slice(done)) {
      const line = Option.getOrUndefined(decode(text))
      if (line === undefined) {
        unreadable += 1
        continue
      }
      yield* taken.look(line.draft.requestId ?? "")
      if (taken.ids.has(line.id)) continue
      const intentId = taken.ids.get(line.settles ?? "") ?? line.draft.intentId
      const entry = yield* ledger.append({ ...lateDraft(line), intentId })
      taken.ids.set(line.id, entry.id)
      entries += 1
    }
    done = lines.length
  }
  yield* onDisk("marked as taken over", () =>
    rename(join(directory, claimed), join(directory, `${claimed}${TAKEN_ENDING}`))
  )
  return { entries, unreadable }
})

/**
 * Brings the entries of emergency journals into the ledger, each once, in their order. Run it at start,
 * beside `settle`: an intent whose halt ended without an outcome is settled as any other.
 */
export const takeOverJournals = Effect.fnUntraced(function* (
  directory: string
): Effect.fn.Return<TakenOver, AuditUnavailable, AuditLog> {
  const files = yield* journalsIn(directory)
  const found = yield* Effect.forEach(files, (file) => takeOverFile(directory, file))
  return {
    entries: found.reduce((sum, { entries }) => sum + entries, 0),
    unreadable: found.reduce((sum, { unreadable }) => sum + unreadable, 0)
  }
})
