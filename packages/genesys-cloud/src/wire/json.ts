/** The parts of JSON that let a number keep its own digits. In V8, and not in the compiler's library yet. */
interface SourceTextJson {
  parse(
    text: string,
    reviver: (key: string, value: unknown, context: { readonly source?: string }) => unknown
  ): unknown
  rawJSON(text: string): unknown
  isRawJSON(value: unknown): value is { readonly rawJSON: string }
}
// Node 24 has these three; the cast adds their types and nothing else.
const json = JSON as unknown as SourceTextJson

/** Text in which a number might not survive being read and written: decimals, exponents, many digits, minus nought. */
const DELICATE = /\d[.eE]|\d{16}|-0/

/** What a text held, or that it is not JSON. */
export type Parsed = { readonly ok: true; readonly value: unknown } | { readonly ok: false }

/**
 * Reads JSON so that writing it again gives the same numbers, digit by digit: `1.0` stays `1.0`, and
 * an integer beyond 2^53 keeps its last digits. Such numbers are raw values; `numberOf` reads them.
 */
export const parseJson = (text: string): Parsed => {
  try {
    const value: unknown = DELICATE.test(text) ? json.parse(text, keepDigits) : JSON.parse(text)
    return { ok: true, value }
  } catch {
    // Not JSON is a finding, told in the result; the engine's message would quote the text.
    return { ok: false }
  }
}

const keepDigits = (_key: string, value: unknown, context: { readonly source?: string }): unknown =>
  typeof value === "number" && context.source !== undefined && String(value) !== context.source
    ? json.rawJSON(context.source)
    : value

/** A number as the text had it; undefined for anything else. */
export const digitsOf = (value: unknown): string | undefined =>
  typeof value === "number" && Number.isFinite(value)
    ? String(value)
    : json.isRawJSON(value)
      ? value.rawJSON
      : undefined

/** A number that `parseJson` read; undefined for anything else. */
export const numberOf = (value: unknown): number | undefined => {
  const digits = digitsOf(value)
  return digits === undefined ? undefined : Number(digits)
}

/** A value that is written as exactly these digits; undefined where they are no JSON number. */
export const exactNumber = (digits: string): unknown =>
  /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/.test(digits) ? json.rawJSON(digits) : undefined

/** A field of a body that may be anything; undefined where there is none. */
export const fieldOf = (body: unknown, name: string): unknown =>
  typeof body === "object" && body !== null && Object.hasOwn(body, name)
    ? Reflect.get(body, name)
    : undefined

/** A field that is a non-empty text; undefined otherwise. */
export const textOf = (body: unknown, name: string): string | undefined => {
  const value = fieldOf(body, name)
  return typeof value === "string" && value !== "" ? value : undefined
}

/** A field that is an array; empty otherwise. */
export const listOf = (body: unknown, name: string): ReadonlyArray<unknown> => {
  const value = fieldOf(body, name)
  return Array.isArray(value) ? value : []
}
