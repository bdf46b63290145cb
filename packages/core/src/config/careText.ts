import { Result } from "effect"
import { withWrittenIds } from "../campaign/writtenIds.ts"
import { decodeOrProblems } from "../errors/decodeOrProblems.ts"
import { HoldScope } from "../holds/HoldScope.ts"
import { json } from "./json.ts"
import { fault, type Parser } from "./Parsed.ts"

const decodeScope = decodeOrProblems(HoldScope)

/** Which campaigns are under care: `none`, `all`, or a scope as JSON. */
export const careText: Parser<HoldScope | null> = (text) => {
  const word = text.toLowerCase()
  if (word === "none") return Result.succeed(null)
  if (word === "all") return Result.succeed({})
  if (!text.startsWith("{")) return fault("none, all, or a scope as JSON", text)
  return Result.flatMap(json(text), (value) =>
    Result.flatMap(
      Result.mapError(decodeScope(value), (problems) =>
        problems.map(({ expected, found, key }) => ({
          expected: key === "" ? expected : `${expected}, at ${key}`,
          found
        }))
      ),
      // A scope without any part means everything, which must be said in so many words.
      (scope) =>
        Object.keys(scope).length === 0
          ? fault("at least one of ids, divisionIds, queueIds, namePattern, or all", text)
          : Result.succeed(withWrittenIds(scope))
    )
  )
}
