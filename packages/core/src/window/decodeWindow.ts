import { Formatter, Result, Schema, SchemaIssue } from "effect"
import type { Problem } from "../errors/errors.ts"
import { CallingWindow } from "./CallingWindow.ts"
import { validateWindow } from "./validateWindow.ts"

// A misspelt key, such as "holiday", must not leave a window that is wider than was meant.
const decode = Schema.decodeUnknownResult(CallingWindow, {
  errors: "all",
  onExcessProperty: "error"
})
const formatIssue = SchemaIssue.makeFormatterStandardSchemaV1()

/** A calling window from a JSON value. Fails with every problem at once; keys are paths in the value. */
export const decodeWindow = (
  value: unknown
): Result.Result<CallingWindow, ReadonlyArray<Problem>> => {
  const decoded = decode(value)
  if (Result.isFailure(decoded))
    return Result.fail(
      formatIssue(decoded.failure.issue).issues.map(({ message, path = [] }) => {
        const keys = path.map((step) => (typeof step === "object" ? step.key : step))
        return {
          key: pathText(keys),
          expected: message.replace(/^Expected /, ""),
          found: found(valueAt(value, keys))
        }
      })
    )
  const problems = validateWindow(decoded.success)
  return problems.length > 0 ? Result.fail(problems) : Result.succeed(decoded.success)
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

const found = (value: unknown): string =>
  value === undefined ? "nothing" : Formatter.format(value)
