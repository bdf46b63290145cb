import { readFile } from "node:fs/promises"
import { RequestInvalid } from "@campaignctl/core"
import { type FleetFile, readFleetFile } from "@campaignctl/operations"
import { Clock, Effect, Predicate, Result } from "effect"
import { parse } from "yaml"

const refused = (expected: string, found: string): RequestInvalid =>
  new RequestInvalid({ problems: [{ key: "--file", expected, found }] })

const WHY_NOT_READ: Readonly<Record<string, string>> = {
  ENOENT: "no such file",
  EACCES: "a file that this user may not read",
  EISDIR: "a directory"
}

/** The declarative file at a path: YAML, or JSON, which is YAML too. Fails with every problem at once. */
export const readFleetFileAt = Effect.fnUntraced(function* (
  path: string
): Effect.fn.Return<FleetFile, RequestInvalid> {
  const text = yield* Effect.tryPromise({
    try: () => readFile(path, "utf8"),
    catch: (cause) => {
      const code = Predicate.hasProperty(cause, "code") ? String(cause.code) : "nothing"
      return refused(`a file that can be read (${path})`, WHY_NOT_READ[code] ?? code)
    }
  })
  const value: unknown = yield* Effect.try({
    try: (): unknown => parse(text),
    catch: (cause) =>
      refused(
        `a file of YAML or JSON (${path})`,
        cause instanceof Error ? (cause.message.split("\n")[0] ?? "neither") : "neither"
      )
  })
  const now = yield* Clock.currentTimeMillis
  return yield* Effect.fromResult(
    Result.mapError(readFleetFile(value, {}, now), (problems) => new RequestInvalid({ problems }))
  )
})
