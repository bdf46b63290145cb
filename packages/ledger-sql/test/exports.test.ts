import { type AuditEntry, AuditLog, hashEntry } from "@campaignctl/core"
import { auditDraft } from "@campaignctl/core/testing"
import { Effect, Stream } from "effect"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { sha256 } from "../src/chain/LedgerRow.ts"
import { exportCsv, exportNdjson } from "../src/index.ts"
import { appendHistory, histories } from "./support/histories.ts"
import { onFreshLedger } from "./support/ledgers.ts"

const RUNS = { numRuns: 60 }

/** A reader of RFC 4180 that shares nothing with the writer: one character at a time. */
const parseCsv = (text: string): ReadonlyArray<ReadonlyArray<string>> => {
  const rows: Array<Array<string>> = []
  let [row, cell, quoted]: [Array<string>, string, boolean] = [[], "", false]
  for (let at = 0; at < text.length; at++) {
    const char = text[at] ?? ""
    if (quoted && char === '"' && text[at + 1] === '"') cell += text[++at]
    else if (char === '"') quoted = !quoted
    else if (quoted) cell += char
    else if (char === ",") [row, cell] = [[...row, cell], ""]
    else if (char === "\r" && text[at + 1] === "\n") {
      rows.push([...row, cell])
      ;[row, cell] = [[], ""]
      at += 1
    } else cell += char
  }
  return rows
}

const joined = (lines: Stream.Stream<string>) =>
  Effect.map(Stream.runCollect(lines), (parts) => parts.join(""))
const csvOf = (entries: ReadonlyArray<AuditEntry>) =>
  Effect.map(joined(exportCsv(Stream.fromIterable(entries))), parseCsv)

const DANGEROUS = /^[=+\-@\t\r]/

describe("exports", () => {
  it("NDJSON: one line per entry, from which entry and hash can be computed again", () =>
    fc.assert(
      fc.asyncProperty(histories(0), (history) =>
        onFreshLedger(
          Effect.gen(function* () {
            const entries = yield* appendHistory(history)
            const log = yield* AuditLog
            const lines = (yield* Stream.runCollect(exportNdjson(log.query({})))).map((line) =>
              line.slice(0, -1)
            )
            // Each line was written from an entry, and is compared with it just below.
            const read = lines.map((line) => JSON.parse(line) as AuditEntry)
            expect(read).toEqual(entries)
            expect(read.map((entry) => hashEntry(sha256, entry))).toEqual(
              entries.map(({ hash }) => hash)
            )
            expect(lines.join("")).not.toContain("\n")
          })
        )
      ),
      RUNS
    ))

  it("CSV: a header, a row per entry, every text as it was but for the guard before a formula", () =>
    fc.assert(
      fc.asyncProperty(histories(0), (history) =>
        onFreshLedger(
          Effect.gen(function* () {
            const entries = yield* appendHistory(history)
            const [header = [], ...rows] = yield* csvOf(entries)
            const column = (name: string) => rows.map((row) => row[header.indexOf(name)])
            const guarded = (value: string | null) =>
              value === null ? "" : DANGEROUS.test(value) ? `'${value}` : value
            expect(rows.every((row) => row.length === header.length)).toBe(true)
            for (const entry of entries)
              expect(header).toEqual(expect.arrayContaining(Object.keys(entry)))
            for (const name of [
              "campaignName",
              "requestedBy",
              "note",
              "errorDetails",
              "outcome"
            ] as const)
              expect(column(name)).toEqual(entries.map((entry) => guarded(entry[name])))
            expect(column("verdicts").map((json) => JSON.parse(json ?? "") as unknown)).toEqual(
              entries.map(({ verdicts }) => verdicts)
            )
            expect(rows.flat().filter((cell) => DANGEROUS.test(cell))).toEqual([])
          })
        )
      ),
      RUNS
    ))

  it("CSV: says which guards truly looked", () =>
    onFreshLedger(
      Effect.gen(function* () {
        const verdicts = [
          { guard: "capacity", status: "passed", detail: "enough" },
          { guard: "callingWindow", status: "unknown", detail: "not known" }
        ] as const
        const log = yield* AuditLog
        const [header = [], row = []] = yield* csvOf([yield* log.append(auditDraft({ verdicts }))])
        expect(row[header.indexOf("capacityChecked")]).toBe("true")
        expect(row[header.indexOf("complianceChecked")]).toBe("false")
      })
    ))
})
