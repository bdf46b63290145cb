import { readFile } from "node:fs/promises"
import { type Problem, RequestInvalid } from "@campaignctl/core"
import { Effect, Predicate } from "effect"

const WHY_NOT_READ: Readonly<Record<string, string>> = {
  ENOENT: "no such file",
  EACCES: "a file that this user may not read",
  EISDIR: "a directory"
}

/** The text of a file that an option names; what keeps it from being read is told as of that option. */
export const textFile = (key: string, path: string): Effect.Effect<string, Problem> =>
  Effect.tryPromise({
    try: () => readFile(path, "utf8"),
    catch: (cause) => {
      const code = Predicate.hasProperty(cause, "code") ? String(cause.code) : "nothing"
      return {
        key,
        expected: `a file that can be read (${path})`,
        found: WHY_NOT_READ[code] ?? code
      }
    }
  })

/** The same, for a file that a command asks for. */
export const requestedFile = (key: string, path: string): Effect.Effect<string, RequestInvalid> =>
  Effect.mapError(textFile(key, path), (problem) => new RequestInvalid({ problems: [problem] }))
