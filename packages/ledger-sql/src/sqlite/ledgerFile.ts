import { closeSync, openSync, readSync } from "node:fs"
import { dirname } from "node:path"
import type { AuditUnavailable } from "@campaignctl/core"
import { Effect, Predicate } from "effect"
import { LEDGER_APPLICATION_ID } from "../schema/openSchema.ts"
import { unavailable } from "../unavailable.ts"
import { makeDirectory } from "./makeDirectory.ts"

/** The first bytes of every SQLite database. Source: sqlite.org/fileformat.html, section 1.3. */
const MAGIC = "SQLite format 3\0"
/** Length of the header, and where in it `application_id` stands. Same source. */
const HEADER_BYTES = 100
const APPLICATION_ID_OFFSET = 68

/** What the file system's refusals mean. */
const SENTENCES: Readonly<Record<string, (path: string) => string>> = {
  EACCES: (path) => `There is no permission to use ${path}.`,
  EPERM: (path) => `There is no permission to use ${path}.`,
  EROFS: (path) => `${path} is on a read-only file system.`,
  ENOSPC: (path) => `The disk is full, so that ${path} cannot be made.`,
  ENOENT: (path) => `${path} cannot be made where it is to stand.`,
  ENOTDIR: (path) => `A part of the path ${path} is a file, not a directory.`,
  EEXIST: (path) => `A part of the path ${path} is a file, not a directory.`,
  EISDIR: (path) => `${path} is a directory, not a file.`
}

const refused =
  (path: string) =>
  (cause: unknown): AuditUnavailable => {
    const code = Predicate.hasProperty(cause, "code") ? String(cause.code) : String(cause)
    return unavailable(SENTENCES[code]?.(path) ?? `${path} cannot be used: ${code}.`)
  }

const isMissing = (cause: unknown) =>
  Predicate.hasProperty(cause, "code") && cause.code === "ENOENT"

/** Read at once, as SQLite itself does: `fs/promises` alone takes longer to load than this to read. */
const headerOf = (path: string): Buffer | "missing" => {
  let file: number | undefined
  try {
    file = openSync(path, "r")
    const header = Buffer.alloc(HEADER_BYTES)
    return header.subarray(0, readSync(file, header, 0, HEADER_BYTES, 0))
  } catch (cause) {
    if (isMissing(cause)) return "missing"
    throw cause
  } finally {
    if (file !== undefined) closeSync(file)
  }
}

/**
 * Looks at the file before SQLite does, because opening a database can already change it: a file
 * that is not a ledger is left exactly as it is. Makes the directory where there is none.
 */
export const checkLedgerFile = Effect.fnUntraced(function* (
  path: string
): Effect.fn.Return<void, AuditUnavailable> {
  const header = yield* Effect.try({ try: () => headerOf(path), catch: refused(path) })
  if (header === "missing") {
    const directory = dirname(path)
    yield* Effect.tryPromise({
      try: () => makeDirectory(directory),
      catch: refused(directory)
    })
    return
  }
  // An empty file is what SQLite itself makes first; it becomes a ledger.
  if (header.length === 0) return
  if (header.length < HEADER_BYTES || header.toString("latin1", 0, MAGIC.length) !== MAGIC)
    return yield* unavailable(`${path} is not a database; it was left as it is.`)
  if (header.readUInt32BE(APPLICATION_ID_OFFSET) !== LEDGER_APPLICATION_ID)
    return yield* unavailable(
      `${path} is a database, but not a campaignctl ledger; it was left as it is.`
    )
})
