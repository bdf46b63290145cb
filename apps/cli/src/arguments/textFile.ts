import { readFile } from "node:fs/promises"
import { type Problem, RequestInvalid } from "@campaignctl/core"
import { Effect, Predicate } from "effect"

const WHY_NOT: Readonly<Record<string, string>> = {
  ENOENT: "no such file",
  EACCES: "a file that this user may not use so",
  EISDIR: "a directory"
}

/** Why a file could not be read or written. */
export const whyNot = (cause: unknown): string => {
  const code = Predicate.hasProperty(cause, "code") ? String(cause.code) : "nothing"
  return WHY_NOT[code] ?? code
}

/** The text of a file that an option names; what keeps it from being read is told as of that option. */
export const textFile = (key: string, path: string): Effect.Effect<string, Problem> =>
  Effect.tryPromise({
    try: () => readFile(path, "utf8"),
    catch: (cause) => ({
      key,
      expected: `a file that can be read (${path})`,
      found: whyNot(cause)
    })
  })

/** The same, for a file that a command asks for. */
export const requestedFile = (key: string, path: string): Effect.Effect<string, RequestInvalid> =>
  Effect.mapError(textFile(key, path), (problem) => new RequestInvalid({ problems: [problem] }))
