import { Result } from "effect"
import type { Problem } from "../errors/errors.ts"
import { shownText } from "../errors/shown.ts"
import { type ConfigKey, type ConfigPage, configPages } from "./pages.ts"
import type { Parser } from "./Parsed.ts"
import { type Profile, profileText } from "./profileText.ts"

/** The environment of a process. */
export type Environment = Readonly<Record<string, string | undefined>>

/** Reads values one by one, and keeps every problem. */
export interface Reader {
  readonly isSet: (key: ConfigKey) => boolean
  /** The value; undefined where it is not set or, with a problem kept, is not usable. */
  readonly optional: <A>(key: ConfigKey, parser: Parser<A>) => A | undefined
  /** As `optional`, with a problem kept where it is not set. */
  readonly required: (key: ConfigKey, parser: Parser<string>, expected: string) => string
  readonly reject: (key: ConfigKey, expected: string, found: string) => void
  readonly problems: () => ReadonlyArray<Problem>
}

/** One value as it was set. */
interface Setting {
  /** The key or the alias under which it was set. */
  readonly name: string
  /** Undefined for what no parser can read. */
  readonly text: string | undefined
  readonly secret: boolean
}

/** Secrets shorter than this, in characters, are not looked for in other values: they would be found everywhere. */
const SHORTEST_SOUGHT_SECRET = 6

const pages: ReadonlyArray<ConfigPage> = configPages

/**
 * A reader of the environment first and of the profile after it; of a key first and of its aliases
 * after it. Blank text counts as not set.
 *
 * A secret never gets into a problem, not even when it was pasted under another name.
 */
export const makeReader = (env: Environment, profile: Profile): Reader => {
  const settings = pages.flatMap((page) =>
    settingsOf(page, env, profile).map((setting) => ({ key: page.key, setting }))
  )
  // The first of a key's settings holds.
  const byKey = new Map(settings.toReversed().map(({ key, setting }) => [key, setting]))
  const secrets = settings.flatMap(({ setting: { secret, text = "" } }) =>
    secret && text.length >= SHORTEST_SOUGHT_SECRET ? [text] : []
  )
  const holdsSecret = (text: string): boolean => secrets.some((secret) => text.includes(secret))
  const problems: Array<Problem> = []
  const reject = (key: ConfigKey, expected: string, found: string): void => {
    const setting = byKey.get(key)
    const hidden = holdsSecret(found) || (!setting?.secret && holdsSecret(setting?.text ?? ""))
    problems.push({
      key: setting?.name ?? key,
      // A path in a JSON value may hold what was pasted into its keys.
      expected: holdsSecret(expected) ? "a usable value" : expected,
      found: hidden ? "a value that holds a secret" : shownText(found)
    })
  }
  const optional = <A>(key: ConfigKey, parser: Parser<A>): A | undefined => {
    const setting = byKey.get(key)
    if (setting === undefined) return undefined
    if (setting.text === undefined) {
      reject(key, "text, a number, a list or an object", "something else")
      return undefined
    }
    const parsed = parser(setting.text)
    if (Result.isSuccess(parsed)) return parsed.success
    for (const { expected, found } of parsed.failure) reject(key, expected, found)
    return undefined
  }
  return {
    isSet: (key) => byKey.has(key),
    optional,
    required: (key, parser, expected) => {
      if (!byKey.has(key)) reject(key, expected, "nothing")
      return optional(key, parser) ?? ""
    },
    reject,
    problems: () => problems
  }
}

const settingsOf = (
  { aliases = [], key, secret }: ConfigPage,
  env: Environment,
  profile: Profile
): ReadonlyArray<Setting> => {
  const names = [key, ...aliases]
  return [
    ...names.map((name) => ({ name, text: environmentText(env, name), secret })),
    ...names.map((name) => ({ name, text: profileText(profile, name), secret }))
  ].filter(({ text }) => text !== "")
}

const environmentText = (env: Environment, name: string): string =>
  (Object.hasOwn(env, name) ? env[name] : undefined)?.trim() ?? ""
