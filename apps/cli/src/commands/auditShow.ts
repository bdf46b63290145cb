import { AuditLog, type AuditEntry, wasChecked } from "@campaignctl/core"
import { Effect, Stream } from "effect"
import { campaignIdOf } from "../arguments/campaignIds.ts"
import { refuse } from "../arguments/Problems.ts"
import { withLedger } from "../audit/withLedger.ts"
import { ExitCode } from "../exit/ExitCode.ts"
import type { CommandEffect, CommandInput } from "../process/CommandInput.ts"
import { emit } from "../render/emit.ts"
import { onOneLine } from "../render/onOneLine.ts"
import { verdictLines } from "../render/verdictLines.ts"
import { Terminal, type TerminalShape } from "../terminal/Terminal.ts"

const EXPECTED = "the sequence of an audit entry, such as 12, or its id (UUID)"

const sequenceOf = (text: string): number | undefined =>
  /^#?\d{1,15}$/.test(text) ? Number(text.replace("#", "")) : undefined

/** `audit show`: one entry with everything that it holds. */
export const command = (input: CommandInput): CommandEffect => {
  const [text = ""] = input.args
  const sequence = sequenceOf(text.trim())
  const id = campaignIdOf(text)
  if (sequence === undefined && id === undefined) return refuse("entry", EXPECTED, `“${text}”`)
  return withLedger(
    input,
    Effect.gen(function* () {
      const ledger = yield* AuditLog
      const candidates =
        sequence === undefined
          ? Stream.filter(ledger.query({}), (entry) => entry.id === id)
          : Stream.filter(
              ledger.query({ afterSequence: sequence - 1, limit: 1 }),
              (entry) => entry.sequence === sequence
            )
      const [entry] = yield* Stream.runCollect(Stream.take(candidates, 1))
      if (entry === undefined) {
        const { err } = yield* Terminal
        const message = `The ledger has no entry ${text.trim()}.`
        const nextStep = "`campaignctl audit list` shows the newest entries."
        err.write(`${err.paint(["bold", "red"], "error:")} ${message}\n`)
        err.write(`  ${err.paint("bold", "next:")} ${nextStep}\n`)
        yield* emit({ error: { code: "ENTRY_NOT_FOUND", message, nextStep } }, () => [])
        return ExitCode.notFound
      }
      yield* emit(entry, (terminal) => lines(entry, terminal))
      return ExitCode.done
    })
  )
}

/** Every member but the verdicts, which have lines of their own, in the order in which it is read. */
const MEMBERS: ReadonlyArray<keyof AuditEntry> = [
  "sequence",
  "id",
  "timestamp",
  "campaignId",
  "campaignName",
  "divisionId",
  "kind",
  "outcome",
  "success",
  "previousState",
  "currentState",
  "targetState",
  "stateAfter",
  "pauseReason",
  "note",
  "requestedBy",
  "requestId",
  "source",
  "attempts",
  "latencyMs",
  "lockBefore",
  "lockAfter",
  "errorCode",
  "errorDetails",
  "intentId",
  "overtakenBy",
  "traceId",
  "governanceLevel",
  "previousHash",
  "hash"
]

/** What entries of some kinds have besides, each part of it on its own line. */
const PARTS: ReadonlyArray<keyof AuditEntry> = ["holdScope", "fleet", "delivery", "rules"]

const partsOf = (entry: AuditEntry): ReadonlyArray<readonly [string, string]> =>
  PARTS.flatMap((part): ReadonlyArray<readonly [string, string]> => {
    const value = entry[part]
    if (typeof value !== "object" || value === null) return []
    const members = Object.entries(value)
    // A scope without any part is every campaign's.
    if (members.length === 0) return [[part, "{}"]]
    return members.map(([name, member]) => [
      `${part}.${name}`,
      typeof member === "string" ? member : JSON.stringify(member)
    ])
  })

const lines = (entry: AuditEntry, { out }: TerminalShape): ReadonlyArray<string> => {
  const checked: ReadonlyArray<readonly [string, string]> = [
    ["complianceChecked", String(wasChecked(entry.verdicts, "callingWindow"))],
    ["capacityChecked", String(wasChecked(entry.verdicts, "capacity"))]
  ]
  const facts = [
    ...MEMBERS.flatMap((member) => {
      const value = entry[member]
      return value === undefined || typeof value === "object"
        ? []
        : [[member, String(value)] as const]
    }),
    ...partsOf(entry),
    ...checked
  ]
  const width = Math.max(...facts.map(([title]) => title.length))
  return [
    ...facts.map(
      ([title, value]) => `${out.paint("dim", title.padEnd(width))}  ${onOneLine(value)}`
    ),
    ...verdictLines(entry.verdicts, out)
  ]
}
