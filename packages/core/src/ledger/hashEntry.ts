import { Schema } from "effect"
import { AuditDraft, type AuditEntry } from "./AuditEntry.ts"
import { canonicalJson, type Json } from "./canonicalJson.ts"

/** SHA-256 of the text's UTF-8 bytes, as 64 lower-case hexadecimal digits. Core has no hash of its own. */
export type Sha256 = (text: string) => string

/** An entry before its hash is known. */
export type UnsealedEntry = Omit<AuditEntry, "hash">

/** What the ledger adds to a draft, but for the hash. */
export interface Placement {
  /** UUID v7. */
  readonly id: string
  /** From 1, without gaps. */
  readonly sequence: number
  /** Epoch milliseconds. */
  readonly now: number
  /** The hash of the entry before; `GENESIS_HASH` for the first. */
  readonly previousHash: string
  /** See `overtaking`. */
  readonly overtakenBy?: number | undefined
}

/** An entry is data that JSON can hold, member by member; the type says so only field by field. */
const asJson = (entry: UnsealedEntry): Json => entry

/**
 * The text that an entry's hash is taken over: the canonical JSON of every field but `hash`.
 *
 * Throws `NotCanonical` where a number is not finite or a text has half a surrogate pair.
 */
export const hashedText = (entry: UnsealedEntry): string => {
  // An entry that was read back still carries its hash, which must not count.
  const { hash: _hash, ...rest } = entry as Partial<AuditEntry>
  return canonicalJson(asJson(rest as UnsealedEntry))
}

/** The hash of an entry, whatever `hash` it carries now. */
export const hashEntry = (sha256: Sha256, entry: UnsealedEntry): string => sha256(hashedText(entry))

/** The canonical JSON of a whole entry, `hash` included: the line that is stored and exported. */
export const entryText = (entry: AuditEntry): string => canonicalJson(asJson(entry))

/**
 * The text that an entry's hash is taken over, cut out of the entry's own canonical text. The same as
 * `hashedText` of the entry, without writing it all again.
 *
 * The first `"hash":"` of a canonical text is the entry's own field: in a text each `"` has a `\\`
 * before it, and of the fields that hold objects those that sort before `hash` have no such member.
 */
export const hashedTextOf = (canonical: string, hash: string): string =>
  canonical.replace(`"hash":"${hash}",`, "")

const checkedDraft = Schema.decodeUnknownSync(AuditDraft)

/**
 * Places a draft in the chain; the hash is still missing.
 *
 * Fields that no entry has are left out, and a draft that is not one throws: what is written must be
 * what verification accepts, whoever calls.
 *
 * Text with half a surrogate pair is mended with U+FFFD: a name that came so from elsewhere must
 * not keep a campaign from being stopped, and RFC 8785 has no form for it.
 */
export const placeEntry = (
  draft: AuditDraft,
  { id, now, overtakenBy, previousHash, sequence }: Placement
): UnsealedEntry => ({
  ...checkedDraft(mended(draft)),
  id,
  sequence,
  timestamp: new Date(now).toISOString(),
  previousHash,
  ...(overtakenBy === undefined ? {} : { overtakenBy })
})

/** `placeEntry`, and the hash. */
export const sealEntry = (sha256: Sha256, draft: AuditDraft, placement: Placement): AuditEntry => {
  const entry = placeEntry(draft, placement)
  return { ...entry, hash: hashEntry(sha256, entry) }
}

const mended = (value: unknown): unknown => {
  if (typeof value === "string") return value.toWellFormed()
  if (Array.isArray(value)) return value.map(mended)
  if (typeof value !== "object" || value === null) return value
  const present = Object.entries(value).filter(([, member]) => member !== undefined)
  return Object.fromEntries(present.map(([key, member]) => [key, mended(member)]))
}
