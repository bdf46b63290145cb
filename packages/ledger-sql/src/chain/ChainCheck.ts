import { type AuditEntry, GENESIS_HASH, hashedTextOf, type Verification } from "@campaignctl/core"
import { Option } from "effect"
import { entryOf, type LedgerRow, rowOf, sha256 } from "./LedgerRow.ts"

/** Where a chain is first wrong. */
export type Fault = Pick<Extract<Verification, { _tag: "Broken" }>, "firstBadSequence" | "why">

const COLUMNS = Object.keys({
  sequence: 0,
  id: 0,
  campaign_id: 0,
  division_id: 0,
  timestamp: 0,
  kind: 0,
  outcome: 0,
  requested_by: 0,
  request_id: 0,
  intent_id: 0,
  tells_state: 0,
  hash: 0,
  body: 0
} satisfies Record<keyof LedgerRow, 0>) as ReadonlyArray<keyof LedgerRow> // exactly the keys of the record above

/**
 * Checks a ledger's rows one by one, in order: nothing that a row says of itself is believed before it
 * was computed again from the entry's text.
 */
export class ChainCheck {
  #last = 0
  #lastHash = GENESIS_HASH
  /** Intents that have no outcome yet. */
  readonly #open = new Set<string>()

  /** Sequence and hash of the last row that was found good. */
  get head(): { readonly sequence: number; readonly hash: string } {
    return { sequence: this.#last, hash: this.#lastHash }
  }

  /** Takes the next row; the fault, if there is one. */
  next(row: LedgerRow): Fault | undefined {
    const expected = this.#last + 1
    if (row.sequence !== expected)
      return { firstBadSequence: expected, why: `Entry ${expected} is missing.` }
    const entry = Option.getOrUndefined(entryOf(row.body))
    const why =
      entry === undefined
        ? `The text of entry ${expected} is not an entry.`
        : this.#fault(row, entry)
    if (entry === undefined || why !== undefined)
      return { firstBadSequence: expected, why: why ?? "" }
    if (entry.previousHash !== this.#lastHash) return this.#brokenLink(expected)
    this.#last = expected
    this.#lastHash = entry.hash
    if (entry.kind === "intent") this.#open.add(entry.id)
    if (entry.kind === "outcome" && entry.intentId !== null) this.#open.delete(entry.intentId)
    return undefined
  }

  #fault(row: LedgerRow, entry: AuditEntry): string | undefined {
    const name = `entry ${row.sequence}`
    const computed = rowOf(entry)
    const wrong = COLUMNS.find((column) => computed[column] !== row[column])
    if (wrong === "body") return `The text of ${name} is not in canonical form.`
    if (wrong !== undefined) return `The column ${wrong} of ${name} differs from the entry's text.`
    if (sha256(hashedTextOf(row.body, entry.hash)) !== entry.hash)
      return `The hash of ${name} does not fit its content.`
    const settles = entry.kind === "outcome" ? entry.intentId : null
    return settles !== null && !this.#open.has(settles)
      ? `The outcome in ${name} has no open intent before it.`
      : undefined
  }

  /**
   * The entry is sound in itself, and was hashed together with the hash that it names as the one
   * before: so it is the one before that is not what it was.
   */
  #brokenLink(sequence: number): Fault {
    return sequence === 1
      ? {
          firstBadSequence: 1,
          why: "Entry 1 follows another entry: what stood before it is missing."
        }
      : {
          firstBadSequence: sequence - 1,
          why: `Entry ${sequence - 1} was replaced: entry ${sequence} follows from another one.`
        }
  }
}
