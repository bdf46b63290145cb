import type { Problem } from "../errors/errors.ts"
import { shownText } from "../errors/shown.ts"
import { type ConfigPage, configPages } from "./pages.ts"
import type { Profile } from "./profileText.ts"

const pages: ReadonlyArray<ConfigPage> = configPages
const KNOWN: ReadonlySet<string> = new Set(
  pages.flatMap(({ aliases = [], key }) => [key, ...aliases])
)

/**
 * Names in a profile that are none of the configuration, nor among `others`, which a service reads from
 * the same file. Unlike an environment, a profile holds only our names: any other is a slip, by which
 * something goes on with a default.
 */
export const unknownNames = (
  profile: Profile,
  others: ReadonlyArray<string>
): ReadonlyArray<string> =>
  Object.keys(profile).filter((name) => !KNOWN.has(name) && !others.includes(name))

/** What is wrong with such a name; `meant` where one is like it. */
export const unknownNameProblem = (name: string, meant?: string): Problem => ({
  key: shownText(name),
  expected: `a name of the configuration${meant === undefined ? "" : `, perhaps ${meant}`}`,
  found: "one that it does not have"
})
