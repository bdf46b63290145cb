import { type AuditEntry, canonicalJson, wasChecked } from "@campaignctl/core"
import { Stream } from "effect"

type Cell = string | number | boolean | null

/** What an entry does not say in a field of its own. */
type Derived = "complianceChecked" | "capacityChecked"

/** The columns in their order: identity, what and who, what came of it, and the chain. */
const COLUMNS: Readonly<Record<keyof AuditEntry | Derived, (entry: AuditEntry) => Cell>> = {
  sequence: (entry) => entry.sequence,
  id: (entry) => entry.id,
  timestamp: (entry) => entry.timestamp,
  campaignId: (entry) => entry.campaignId,
  campaignName: (entry) => entry.campaignName,
  divisionId: (entry) => entry.divisionId,
  currentState: (entry) => entry.currentState,
  targetState: (entry) => entry.targetState,
  pauseReason: (entry) => entry.pauseReason,
  note: (entry) => entry.note,
  requestedBy: (entry) => entry.requestedBy,
  source: (entry) => entry.source,
  kind: (entry) => entry.kind,
  outcome: (entry) => entry.outcome,
  success: (entry) => entry.success,
  attempts: (entry) => entry.attempts,
  latencyMs: (entry) => entry.latencyMs,
  complianceChecked: (entry) => wasChecked(entry.verdicts, "callingWindow"),
  capacityChecked: (entry) => wasChecked(entry.verdicts, "capacity"),
  verdicts: (entry) => canonicalJson(entry.verdicts),
  lockBefore: (entry) => entry.lockBefore,
  lockAfter: (entry) => entry.lockAfter,
  errorCode: (entry) => entry.errorCode,
  errorDetails: (entry) => entry.errorDetails,
  traceId: (entry) => entry.traceId,
  requestId: (entry) => entry.requestId,
  governanceLevel: (entry) => entry.governanceLevel,
  intentId: (entry) => entry.intentId,
  holdScope: ({ holdScope }) => (holdScope === undefined ? null : canonicalJson(holdScope)),
  stateAfter: ({ stateAfter }) => stateAfter ?? null,
  previousState: ({ previousState }) => previousState ?? null,
  fleet: ({ fleet }) => (fleet === undefined ? null : canonicalJson(fleet)),
  delivery: ({ delivery }) => (delivery === undefined ? null : canonicalJson(delivery)),
  rules: ({ rules }) => (rules === undefined ? null : canonicalJson(rules)),
  overtakenBy: ({ overtakenBy }) => overtakenBy ?? null,
  previousHash: (entry) => entry.previousHash,
  hash: (entry) => entry.hash
}

/** RFC 4180 ends every line so. */
const LINE_END = "\r\n"
const NEEDS_QUOTES = /[",\r\n]/
/** What makes a spreadsheet take a cell for a formula. Source: OWASP, "CSV Injection". */
const FORMULA_START = /^[=+\-@\t\r]/

const cell = (value: Cell): string => {
  if (value === null) return ""
  if (typeof value !== "string") return String(value)
  const harmless = FORMULA_START.test(value) ? `'${value}` : value
  return NEEDS_QUOTES.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless
}

const line = (cells: ReadonlyArray<Cell>): string => cells.map(cell).join(",") + LINE_END

/**
 * CSV as RFC 4180 has it, with a header line; an absent value is an empty cell.
 *
 * A text that a spreadsheet would run as a formula gets an apostrophe before it, so a cell may differ
 * from the entry by that: `exportNdjson` is the exact form. `verdicts`,
 * `holdScope`, `fleet`, `delivery` and `rules` are JSON.
 */
export const exportCsv = <E, R>(
  entries: Stream.Stream<AuditEntry, E, R>
): Stream.Stream<string, E, R> =>
  Stream.concat(
    Stream.make(line(Object.keys(COLUMNS))),
    Stream.map(entries, (entry) => line(Object.values(COLUMNS).map((column) => column(entry))))
  )
