/** A JSON value. */
export type Json =
  | null
  | boolean
  | number
  | string
  | ReadonlyArray<Json>
  | { readonly [key: string]: Json }

/** A value that RFC 8785 has no form for: a number that is not finite, or text with half a surrogate pair. */
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
  const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
  return `{${members.map(([key, member]) => `${text(key)}:${canonicalJson(member)}`).join(",")}}`
}

// Array.isArray does not narrow read-only arrays out of a union.
const isArray = (value: Json): value is ReadonlyArray<Json> => Array.isArray(value)

const text = (value: string): string => {
  if (!value.isWellFormed()) throw new NotCanonical("text with half a surrogate pair")
  return JSON.stringify(value)
}
