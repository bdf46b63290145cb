import { AuditLog, hashEntry } from "@campaignctl/core"
import { auditDraft } from "@campaignctl/core/testing"
import { Effect, type Types } from "effect"
import { SqlClient } from "effect/sql"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { type Integer, rowOf, sha256 } from "../src/chain/LedgerRow.ts"
import { appendHistory, histories, settledHistories } from "./support/histories.ts"
import { onFreshLedger } from "./support/ledgers.ts"
import { bytesOf, databases, lengthOf, storable, textOf, unguarded } from "./support/tampering.ts"

const TEXT_COLUMNS = [
  "id",
  "campaign_id",
  "timestamp",
  "kind",
  "outcome",
  "requested_by",
  "intent_id",
  "body",
  "hash"
] as const
const NUMBER_COLUMNS = ["sequence", "tells_state"] as const
/** SQLite keeps integers in at most eight bytes. */
const INTEGER_BYTES = 8

const flipped = (bytes: Uint8Array, at: number, mask: number): Uint8Array =>
  bytes.map((byte, index) => (index === at ? byte ^ mask : byte))

const flipText = Effect.fnUntraced(function* (
  [table, column, sequence]: readonly [string, string, number],
  pick: number,
  mask: number
) {
  const sql = yield* SqlClient.SqlClient
  const name = sql(column)
  const [found] = yield* sql<{ bytes: Uint8Array }>`
    SELECT ${bytesOf(sql, column)} AS bytes FROM ${sql(table)} WHERE sequence = ${sequence}`
  const bytes = found?.bytes ?? new Uint8Array()
  const changed = flipped(bytes, pick % bytes.length, mask)
  const store = sql`UPDATE ${sql(table)} SET ${name} = ${textOf(sql, changed)} WHERE sequence = ${sequence}`
  yield* storable(store)
})

const flipNumber = Effect.fnUntraced(function* (
  [table, column, sequence]: readonly [string, string, number],
  pick: number,
  mask: number
) {
  const sql = yield* SqlClient.SqlClient
  const name = sql(column)
  const [found] = yield* sql<{ value: Integer }>`
    SELECT ${name} AS value FROM ${sql(table)} WHERE sequence = ${sequence}`
  const flip = BigInt(mask) << BigInt(8 * (pick % INTEGER_BYTES))
  const changed = BigInt.asIntN(64, BigInt(found?.value ?? 0) ^ flip)
  const taken = yield* sql`SELECT 1 FROM ${sql(table)} WHERE sequence = ${changed}`
  // The key is unique: a flip that meets another entry's number cannot be stored.
  fc.pre(column !== "sequence" || taken.length === 0)
  yield* storable(sql`UPDATE ${sql(table)} SET ${name} = ${changed} WHERE sequence = ${sequence}`)
  return Number(changed)
})

const found = AuditLog.use((log) => log.verify)
const brokenAt = (firstBadSequence: number) =>
  expect.objectContaining({ _tag: "Broken", firstBadSequence })
const position = (pick: number, length: number) => 1 + (pick % length)

const byte = fc.integer({ min: 1, max: 255 })

describe.each(databases)("verification on %s", (_, onLedger, runs) => {
  const holds = <Ts extends [unknown, ...Array<unknown>]>(
    arbitraries: { [K in keyof Ts]: fc.Arbitrary<Ts[K]> },
    check: (...values: Types.NoInfer<Ts>) => Promise<void>
  ) => fc.assert(fc.asyncProperty(...arbitraries, check), { numRuns: runs })

  it("finds any sequence of appends intact", () =>
    holds([histories(0)], (history) =>
      onLedger(
        Effect.gen(function* () {
          const entries = yield* appendHistory(history)
          const headHash = entries.at(-1)?.hash ?? "0".repeat(64)
          expect(yield* found).toEqual({ _tag: "Intact", entries: entries.length, headHash })
        })
      )
    ))

  it.each(TEXT_COLUMNS)("names the entry of which a byte of %s was flipped", (column) =>
    holds([settledHistories, fc.nat(), fc.nat(), byte], (history, at, pick, mask) =>
      onLedger(
        Effect.gen(function* () {
          const sql = yield* unguarded
          yield* appendHistory(history)
          const filled = yield* sql<{ sequence: Integer }>`SELECT sequence FROM ledger_entries
            WHERE ${lengthOf(sql, column)} > 0 ORDER BY sequence`
          const sequence = Number(filled[at % filled.length]?.sequence ?? 0)
          yield* flipText(["ledger_entries", column, sequence], pick, mask)
          expect(yield* found).toEqual(brokenAt(sequence))
        })
      )
    )
  )

  it.each(NUMBER_COLUMNS)("names the entry of which a byte of %s was flipped", (column) =>
    holds([histories(1), fc.nat(), fc.nat(), byte], (history, at, pick, mask) =>
      onLedger(
        Effect.gen(function* () {
          yield* unguarded
          const sequence = position(at, (yield* appendHistory(history)).length)
          yield* flipNumber(["ledger_entries", column, sequence], pick, mask)
          expect(yield* found).toEqual(brokenAt(sequence))
        })
      )
    )
  )

  it("names the last entry where a byte of the head's hash was flipped", () =>
    holds([histories(1), fc.nat(), byte], (history, pick, mask) =>
      onLedger(
        Effect.gen(function* () {
          const { length } = yield* appendHistory(history)
          yield* flipText(["ledger_head", "hash", length], pick, mask)
          expect(yield* found).toEqual(brokenAt(length))
        })
      )
    ))

  it("names the entry after the head's number where a byte of that was flipped", () =>
    holds([histories(1), fc.nat(), byte], (history, pick, mask) =>
      onLedger(
        Effect.gen(function* () {
          const { length } = yield* appendHistory(history)
          const head = yield* flipNumber(["ledger_head", "sequence", length], pick, mask)
          expect(yield* found).toEqual(brokenAt(Math.min(Math.max(head, 0), length) + 1))
        })
      )
    ))

  it("names the entry that was dropped", () =>
    holds([histories(1), fc.nat()], (history, at) =>
      onLedger(
        Effect.gen(function* () {
          const sql = yield* unguarded
          const sequence = position(at, (yield* appendHistory(history)).length)
          yield* sql`DELETE FROM ledger_entries WHERE sequence = ${sequence}`
          expect(yield* found).toEqual(brokenAt(sequence))
        })
      )
    ))

  it("names the first of the entries that were cut off", () =>
    holds([histories(1), fc.nat()], (history, at) =>
      onLedger(
        Effect.gen(function* () {
          const sql = yield* unguarded
          const sequence = position(at, (yield* appendHistory(history)).length)
          yield* sql`DELETE FROM ledger_entries WHERE sequence >= ${sequence}`
          expect(yield* found).toEqual(brokenAt(sequence))
        })
      )
    ))

  it("names the entry that was replaced by one that is sound in itself", () =>
    holds([histories(1), fc.nat()], (history, at) =>
      onLedger(
        Effect.gen(function* () {
          const sql = yield* unguarded
          const entries = yield* appendHistory(history)
          const replaced = entries[position(at, entries.length) - 1]
          if (replaced === undefined) throw new Error("the history is empty")
          const forged = { ...replaced, campaignName: `${replaced.campaignName}!` }
          const sound = { ...forged, hash: hashEntry(sha256, forged) }
          yield* sql`UPDATE ledger_entries SET ${sql.update({ ...rowOf(sound) }, ["sequence"])}
            WHERE sequence = ${replaced.sequence}`
          expect(yield* found).toEqual(brokenAt(replaced.sequence))
        })
      )
    ))

  it("names an outcome whose intent is not before it, however sound the chain", () =>
    onLedger(
      Effect.gen(function* () {
        const sql = yield* unguarded
        const log = yield* AuditLog
        const entry = yield* log.append(auditDraft({ kind: "rejection", outcome: "rejected" }))
        const forged = { ...entry, kind: "outcome" as const, intentId: entry.id }
        const sound = { ...forged, hash: hashEntry(sha256, forged) }
        yield* sql`UPDATE ledger_entries SET ${sql.update({ ...rowOf(sound) }, ["sequence"])}`
        yield* sql`UPDATE ledger_head SET hash = ${sound.hash}`
        expect(yield* found).toEqual(brokenAt(1))
      })
    ))

  it("names the earlier of two entries that changed places", () =>
    holds([histories(2), fc.nat(), fc.nat()], (history, one, other) =>
      onLedger(
        Effect.gen(function* () {
          const sql = yield* unguarded
          const { length } = yield* appendHistory(history)
          const [a, b] = [position(one, length), position(other, length)]
          fc.pre(a !== b)
          for (const [from, to] of [
            [a, 0],
            [b, a],
            [0, b]
          ])
            yield* sql`UPDATE ledger_entries SET sequence = ${to} WHERE sequence = ${from}`
          expect(yield* found).toEqual(brokenAt(Math.min(a, b)))
        })
      )
    ))
})

describe("verification, where decoding hides the damage", () => {
  it("finds bytes that are not UTF-8 where U+FFFD was written", () =>
    onFreshLedger(
      Effect.gen(function* () {
        const sql = yield* unguarded
        const log = yield* AuditLog
        yield* log.append(auditDraft({ note: "\ufffd" }))
        // F1 BF BD is cut short, and a decoder shows the same U+FFFD for it as for EF BF BD.
        yield* sql`UPDATE ledger_entries SET body =
          CAST(unhex(replace(hex(body), 'EFBFBD', 'F1BFBD')) AS TEXT)`
        expect(yield* found).toEqual(brokenAt(1))
      })
    ))
})

describe.each(databases)("the tables themselves refuse, on %s", (_, onLedger) => {
  it.each(["UPDATE ledger_entries SET body = ''", "DELETE FROM ledger_entries"])(
    "%s",
    (statement) =>
      onLedger(
        Effect.gen(function* () {
          const sql = yield* SqlClient.SqlClient
          const log = yield* AuditLog
          yield* log.append(auditDraft())
          const error = yield* Effect.flip(sql.unsafe(statement))
          expect(String(error.reason.cause)).toContain("append-only")
          expect((yield* log.verify)._tag).toBe("Intact")
        })
      )
  )
})
