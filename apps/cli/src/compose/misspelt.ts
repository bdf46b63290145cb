import { configPages, type ConfigPage, type Environment, type Profile } from "@campaignctl/core"
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
  env: Environment,
  profile: Profile
): ReadonlyArray<{ readonly name: string; readonly meant: string }> =>
  [...new Set([...Object.keys(env), ...Object.keys(profile)])]
    .filter((name) => OURS.test(name) && !KNOWN.includes(name))
    .flatMap((name) => {
      const meant = nearest(name, KNOWN)
      return meant === undefined ? [] : [{ name, meant }]
    })
