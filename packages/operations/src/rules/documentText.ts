import { createHash } from "node:crypto"
import { canonicalText } from "../desired/canonicalText.ts"

/**
 * Characters of a document in the ledger: many times those of a schedule as people write one. A selector
 * of ten thousand ids must not make every reader of the ledger carry half a megabyte.
 */
export const LONGEST_DOCUMENT = 16_384

/** What a text of half a surrogate pair is replaced by; the ledger takes none. */
const wellFormed = (_key: string, value: unknown): unknown =>
  typeof value === "string" ? value.toWellFormed() : value

/**
 * A document as the ledger keeps it: canonical JSON. One that is too long is cut, and its length and
 * SHA-256 tell whether a document at hand is the one that was meant.
 */
export const documentText = (document: unknown): string => {
  const text = canonicalText(JSON.parse(JSON.stringify(document), wellFormed))
  if (text.length <= LONGEST_DOCUMENT) return text
  const digest = createHash("sha256").update(text).digest("hex")
  return `${text.slice(0, LONGEST_DOCUMENT).toWellFormed()}… (${text.length} characters, SHA-256 ${digest})`
}
