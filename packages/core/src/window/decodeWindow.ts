import { Result } from "effect"
import { decodeOrProblems } from "../errors/decodeOrProblems.ts"
import type { Problem } from "../errors/errors.ts"
import { CallingWindow } from "./CallingWindow.ts"
import { validateWindow } from "./validateWindow.ts"

// A misspelt key, such as "holiday", must not leave a window that is wider than was meant.
const decode = decodeOrProblems(CallingWindow)

/** A calling window from a JSON value. Fails with every problem at once; keys are paths in the value. */
export const decodeWindow = (
  value: unknown
): Result.Result<CallingWindow, ReadonlyArray<Problem>> =>
  Result.flatMap(decode(value), (window) => {
    const problems = validateWindow(window)
    return problems.length > 0 ? Result.fail(problems) : Result.succeed(window)
  })
