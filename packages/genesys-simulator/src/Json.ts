export type JsonValue = string | number | boolean | null | JsonObject | ReadonlyArray<JsonValue>

/** A JSON object as it travels on the wire, keys in the order in which they came. */
export interface JsonObject {
  readonly [key: string]: JsonValue
}

export const isJsonObject = (value: unknown): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value)

/** Parses text; an answer of `undefined` means that the text is not JSON. */
export const parseJson = (text: string): JsonValue | undefined => {
  try {
    // JSON.parse can only produce JsonValue; its declared type is wider.
    return JSON.parse(text) as JsonValue
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}

export const stringField = (object: JsonObject, key: string): string | undefined => {
  const value = object[key]
  return typeof value === "string" ? value : undefined
}

export const numberField = (object: JsonObject, key: string): number | undefined => {
  const value = object[key]
  return typeof value === "number" ? value : undefined
}

/** The `id` of a reference such as `queue: {"id": "…", "name": "…"}`. */
export const referenceId = (object: JsonObject, key: string): string | undefined => {
  const value = object[key]
  return isJsonObject(value) ? stringField(value, "id") : undefined
}

/** Equality of JSON values; the order of an object's keys does not count. */
export const sameJson = (left: JsonValue | undefined, right: JsonValue | undefined): boolean => {
  if (left === right) return true
  if (Array.isArray(left) && Array.isArray(right)) {
    const other: ReadonlyArray<JsonValue> = right
    const values: ReadonlyArray<JsonValue> = left
    return (
      values.length === other.length &&
      values.every((value, index) => sameJson(value, other[index]))
    )
  }
  if (isJsonObject(left) && isJsonObject(right)) {
    const keys = new Set([...Object.keys(left), ...Object.keys(right)])
    return [...keys].every((key) => sameJson(left[key], right[key]))
  }
  return false
}
