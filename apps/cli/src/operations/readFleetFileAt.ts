import { RequestInvalid } from "@campaignctl/core"
import { type FleetFile, type HolidayLists, readFleetFile } from "@campaignctl/operations"
import { Clock, Effect, Result } from "effect"
import { parse } from "yaml"
import { requestedFile } from "../arguments/textFile.ts"

const OPTION = "--file"

const refused = (expected: string, found: string): RequestInvalid =>
  new RequestInvalid({ problems: [{ key: OPTION, expected, found }] })

/** What the parser says, without the lines of the file that it repeats after it. */
const firstLine = (message: string): string => message.split("\n", 1).join("").replace(/:$/, "")

/** The declarative file at a path: YAML, or JSON, which is YAML too. Fails with every problem at once. */
export const readFleetFileAt = Effect.fnUntraced(function* (
  path: string,
  lists: HolidayLists
): Effect.fn.Return<FleetFile, RequestInvalid> {
  const text = yield* requestedFile(OPTION, path)
  const value: unknown = yield* Effect.try({
    try: (): unknown => parse(text),
    catch: (cause) =>
      refused(
        `a file of YAML or JSON (${path})`,
        cause instanceof Error ? firstLine(cause.message) : "neither"
      )
  })
  const now = yield* Clock.currentTimeMillis
  return yield* Effect.fromResult(
    Result.mapError(
      readFleetFile(value, lists, now),
      (problems) =>
        // What is wrong with the file as a whole has no member to name.
        new RequestInvalid({
          problems: problems.map((problem) =>
            problem.key === "" ? { ...problem, key: OPTION } : problem
          )
        })
    )
  )
})
