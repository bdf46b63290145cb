import { Formatter, Result, Schema, SchemaIssue } from "effect"
import type { Problem } from "./errors.ts"
import { expectedText } from "./expectedText.ts"

const formatIssue = SchemaIssue.makeFormatterStandardSchemaV1()

/**
 * A decoder of JSON values that fails with every problem at once; keys are paths in the value, such
 * as `zones[0].slots[1].from`. A key that the schema does not name is a problem: a misspelt one must
 * not go on with a default in its place.
 */
export const decodeOrProblems = <A>(
  schema: Schema.Decoder<A>
): ((value: unknown) => Result.Result<A, ReadonlyArray<Problem>>) => {
  const decode = Schema.decodeUnknownResult(schema, { errors: "all", onExcessProperty: "error" })
  return (value) =>
    Result.mapError(decode(value), ({ issue }) =>
      formatIssue(issue).issues.map(({ message, path = [] }) => {
        const keys = path.map((step) => (typeof step === "object" ? step.key : step))
        return {
          key: pathText(keys),
          expected: expectedText(message),
          found: found(valueAt(value, keys))
        }
      })
    )
}

const pathText = (keys: ReadonlyArray<PropertyKey>): string =>
  keys.reduce<string>(
    (text, key) =>
      typeof key === "number"
        ? `${text}[${key}]`
        : text === ""
          ? String(key)
          : `${text}.${String(key)}`,
    ""
  )

const valueAt = (value: unknown, keys: ReadonlyArray<PropertyKey>): unknown =>
  keys.reduce<unknown>(
    (part, key) =>
      typeof part === "object" && part !== null && Object.hasOwn(part, key)
        ? Reflect.get(part, key)
        : undefined,
    value
  )

/** Characters of what was found that a problem repeats: enough to find it again. */
const LONGEST_FOUND = 120

const found = (value: unknown): string => {
  if (value === undefined) return "nothing"
  // A text is cut before it is written out, which may make six characters of one.
  const text = Formatter.format(typeof value === "string" ? cut(value) : value)
  return cut(text)
}

const cut = (text: string): string =>
  text.length <= LONGEST_FOUND ? text : `${text.slice(0, LONGEST_FOUND)}…`
