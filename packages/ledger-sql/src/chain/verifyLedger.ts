import { type Verification } from "@campaignctl/core"
import { Effect } from "effect"
import { SqlClient, type SqlError } from "effect/sql"
import { ChainCheck, type Fault } from "./ChainCheck.ts"
import type { Integer, LedgerRow, StoredRow } from "./LedgerRow.ts"

/** Rows read at a time: about half a megabyte, and about 20 ms in which nothing else runs. */
const PAGE_ROWS = 500
/** What a decoder puts in place of bytes that are not UTF-8. */
const REPLACEMENT = "\ufffd"

interface Extent {
  readonly head: number | null
  readonly hash: string | null
  readonly highest: number
  readonly entries: number
  /** Below 1 where somebody put an entry before the first. */
  readonly lowest: number
}

const integer = (value: Integer | null) => (value === null ? null : Number(value))

/** One statement, so that an append in between cannot make head and entries differ. */
const extentOf = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient
  const [found] = yield* sql<{
    [K in keyof Extent]: (K extends "hash" ? string : Integer) | null
  }>`SELECT
    (SELECT sequence FROM ledger_head) AS head,
    (SELECT hash FROM ledger_head) AS hash,
    (SELECT coalesce(max(sequence), 0) FROM ledger_entries) AS highest,
    (SELECT count(*) FROM ledger_entries) AS entries,
    (SELECT coalesce(min(sequence), 1) FROM ledger_entries) AS lowest`
  return {
    head: integer(found?.head ?? null),
    hash: found?.hash ?? null,
    highest: Number(found?.highest),
    entries: Number(found?.entries),
    lowest: Number(found?.lowest)
  } satisfies Extent
})

/**
 * Whether the row's text is byte for byte what was read. Where bytes that are not UTF-8 were stored, a
 * decoder shows U+FFFD, and so it does for a U+FFFD that somebody wrote; the database compares bytes.
 */
const bytesAgree = Effect.fnUntraced(function* ({
  body,
  campaign_id,
  requested_by,
  sequence
}: LedgerRow) {
  const sql = yield* SqlClient.SqlClient
  const found = yield* sql`SELECT 1 FROM ledger_entries WHERE ${sql.and([
    sql`sequence = ${sequence}`,
    sql`body = ${body}`,
    sql`campaign_id = ${campaign_id}`,
    sql`requested_by = ${requested_by}`
  ])}`
  return found.length === 1
})

const faultOf = Effect.fnUntraced(function* (
  check: ChainCheck,
  row: LedgerRow
): Effect.fn.Return<Fault | undefined, SqlError.SqlError, SqlClient.SqlClient> {
  if (
    row.sequence === check.head.sequence + 1 &&
    row.body.includes(REPLACEMENT) &&
    !(yield* bytesAgree(row))
  )
    return {
      firstBadSequence: row.sequence,
      why: `The text of entry ${row.sequence} is not UTF-8.`
    }
  return check.next(row)
})

const firstFault = Effect.fnUntraced(function* (
  check: ChainCheck,
  upTo: number
): Effect.fn.Return<Fault | undefined, SqlError.SqlError, SqlClient.SqlClient> {
  const sql = yield* SqlClient.SqlClient
  while (check.head.sequence < upTo) {
    const after = check.head.sequence
    const rows = yield* sql<StoredRow>`SELECT * FROM ledger_entries
      WHERE sequence > ${after} AND sequence <= ${upTo} ORDER BY sequence LIMIT ${PAGE_ROWS}`
    for (const row of rows) {
      const numbers = { sequence: Number(row.sequence), tells_state: Number(row.tells_state) }
      const fault = yield* faultOf(check, { ...row, ...numbers })
      if (fault !== undefined) return fault
    }
    if (rows.length === 0)
      return { firstBadSequence: after + 1, why: `Entry ${after + 1} is missing.` }
    yield* Effect.yieldNow
  }
  return undefined
})

/** What the head says against the entries, where every entry up to the head is sound. */
const headFault = (
  check: ChainCheck,
  { hash, head, highest, lowest }: Extent
): Fault | undefined => {
  const { hash: lastHash, sequence } = check.head
  if (head === null) return { firstBadSequence: sequence + 1, why: "The ledger's head is missing." }
  if (highest > head)
    return {
      firstBadSequence: sequence + 1,
      why: `Entry ${sequence + 1} stands after the ledger's head.`
    }
  if (hash !== lastHash)
    return {
      firstBadSequence: Math.max(sequence, 1),
      why: `Entry ${sequence} is not the one that the ledger's head names.`
    }
  return lowest < 1
    ? { firstBadSequence: lowest, why: `Entry ${lowest} stands before the first.` }
    : undefined
}

/**
 * Verifies the whole ledger: every row recomputed from its text, every link, every number, every
 * outcome's intent, and the head. Entries appended meanwhile are left to the next verification.
 */
export const verifyLedger: Effect.Effect<Verification, SqlError.SqlError, SqlClient.SqlClient> =
  Effect.gen(function* () {
    const extent = yield* extentOf
    const check = new ChainCheck()
    const fault =
      (yield* firstFault(check, extent.head ?? extent.highest)) ?? headFault(check, extent)
    const { entries } = extent
    return fault === undefined
      ? ({ _tag: "Intact", entries, headHash: check.head.hash } as const)
      : ({ _tag: "Broken", ...fault, entries } as const)
    // A number that was tampered with may be larger than a JavaScript number holds exactly.
  }).pipe(Effect.provideService(SqlClient.SafeIntegers, true))
