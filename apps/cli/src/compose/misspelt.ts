import {
  configPages,
  type ConfigPage,
  type Environment,
  type Problem,
  type Profile,
  unknownNameProblem,
  unknownNames
} from "@campaignctl/core"
import { Effect } from "effect"
import { nearest } from "../arguments/nearest.ts"

/** How the names of the configuration begin: other programs' names in the environment are left alone. */
const OURS = /^(?:CAMPAIGNCTL|GENESYS|OAUTH|WEBHOOK)/i

const pages: ReadonlyArray<ConfigPage> = configPages
const KNOWN: ReadonlyArray<string> = pages.flatMap(({ aliases = [], key }) => [key, ...aliases])

/**
 * Names that were most likely meant to be one of the configuration, which would go on with a default
 * in its place. Names that are like none, such as the HTTP service's own, are not for us to judge.
 */
export const misspelt = (
  env: Environment
): ReadonlyArray<{ readonly name: string; readonly meant: string }> =>
  Object.keys(env)
    .filter((name) => OURS.test(name) && !KNOWN.includes(name))
    .flatMap((name) => {
      const meant = nearest(name, KNOWN)
      return meant === undefined ? [] : [{ name, meant }]
    })

/** What of a profile is no name of the configuration, nor of the service's, which may share the file. */
export const profileProblems = Effect.fnUntraced(function* (
  profile: Profile
): Effect.fn.Return<ReadonlyArray<Problem>> {
  if (unknownNames(profile, []).length === 0) return []
  // The service's names come with the whole of it, which is loaded only where one may be among them.
  const { httpConfigPages } = yield* Effect.promise(() => import("@campaignctl/http"))
  const others = httpConfigPages.map(({ key }) => key)
  return unknownNames(profile, others).map((name) =>
    unknownNameProblem(name, nearest(name, [...KNOWN, ...others]))
  )
})
