/** A JSON value. */
export type Json =
  | null
  | boolean
  | number
  | string
  | ReadonlyArray<Json>
  | { readonly [key: string]: Json }

/** A value that RFC 8785 has no form for: a number that is not finite, a key without a value, or text with half a surrogate pair. */
export class NotCanonical extends Error {
  override readonly name = "NotCanonical"
}

/**
 * The canonical text of a JSON value, as RFC 8785 defines it.
 *
 * ECMAScript's own number and string forms are what the RFC prescribes; keys sort by UTF-16 code
 * units, which is how `<` compares strings.
 */
export const canonicalJson = (value: Json): string => {
  if (value === null || typeof value === "boolean") return JSON.stringify(value)
  if (typeof value === "number") {
    if (!Number.isFinite(value)) throw new NotCanonical(`${value} is not a JSON number`)
    return JSON.stringify(value)
  }
  if (typeof value === "string") return text(value)
  if (isArray(value)) return `[${value.map(canonicalJson).join(",")}]`
  // The default order is that of UTF-16 code units, and far faster than a comparison of one's own.
  const keys = Object.keys(value).toSorted()
  return `{${keys.map((key) => `${text(key)}:${canonicalJson(member(value, key))}`).join(",")}}`
}

// Array.isArray does not narrow read-only arrays out of a union.
const isArray = (value: Json): value is ReadonlyArray<Json> => Array.isArray(value)

const member = (value: { readonly [key: string]: Json }, key: string): Json => {
  const found = value[key]
  if (found === undefined) throw new NotCanonical(`nothing under the key ${JSON.stringify(key)}`)
  return found
}

const text = (value: string): string => {
  if (!value.isWellFormed()) throw new NotCanonical("text with half a surrogate pair")
  return JSON.stringify(value)
}
