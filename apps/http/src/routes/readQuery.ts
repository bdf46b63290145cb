import { Effect } from "effect"
import type { ServiceError } from "../problems/problemAnswer.ts"
import { malformed } from "./Route.ts"

/** A query's parameters; each may be there once. */
export const readQuery = (
  url: string
): Effect.Effect<Readonly<Record<string, string>>, ServiceError> => {
  const at = url.indexOf("?")
  if (at < 0) return Effect.succeed({})
  const pairs = [...new URLSearchParams(url.slice(at))]
  return new Set(pairs.map(([name]) => name)).size === pairs.length
    ? // Not an object literal's setters: a parameter may be called `__proto__`.
      Effect.succeed(Object.fromEntries(pairs))
    : Effect.fail(malformed([{ key: "query", expected: "every parameter once" }]))
}
