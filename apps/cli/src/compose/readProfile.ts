import { ConfigInvalid, type Profile } from "@campaignctl/core"
import { Effect, Predicate } from "effect"
import { textFile } from "../arguments/textFile.ts"

const OPTION = "--profile"

const invalid = (expected: string, found: string): ConfigInvalid =>
  new ConfigInvalid({ problems: [{ key: OPTION, expected, found }] })

/** The values of a profile file: YAML or JSON, under the names of the environment. */
export const readProfile = Effect.fnUntraced(function* (
  path: string
): Effect.fn.Return<Profile, ConfigInvalid> {
  const text = yield* Effect.mapError(
    textFile(OPTION, path),
    (problem) => new ConfigInvalid({ problems: [problem] })
  )
  const { parse } = yield* Effect.promise(() => import("yaml"))
  // The parser's own message repeats the lines around the fault, a secret among them perhaps.
  const value: unknown = yield* Effect.try({
    try: (): unknown => parse(text, { prettyErrors: false }),
    catch: () => invalid(`a file of YAML or JSON (${path})`, "neither")
  })
  if (value === null) return {}
  if (!Predicate.isObject(value) || Array.isArray(value))
    return yield* invalid(`names and their values (${path})`, "something else")
  return { ...value }
})
