import {
  type Config,
  ConfigInvalid,
  configPages,
  type ConfigPage,
  parseConfig,
  type Problem,
  type Profile
} from "@campaignctl/core"
import { Result } from "effect"
import { shown } from "./Arguments.ts"
import { optionKeys } from "./ManagerOptions.ts"

const pages: ReadonlyArray<ConfigPage> = configPages
const keyOfOption: ReadonlyMap<string, string> = new Map(Object.entries(optionKeys))
const optionOfKey: ReadonlyMap<string, string> = new Map(
  Object.entries(optionKeys).map(([option, key]) => [key, option])
)

/** Every name of a value: its key and its aliases. */
const namesOf = (key: string): ReadonlyArray<string> => [
  key,
  ...(pages.find((page) => page.key === key)?.aliases ?? [])
]

/**
 * The configuration from the options and, for what they do not set, from the environment. Both come
 * from outside and are checked; every problem is listed at once, under the name that its value had.
 */
export const configOf = (
  options: unknown,
  processEnv: Readonly<Record<string, string | undefined>>
): Result.Result<Config, ConfigInvalid> => {
  const problems: Array<Problem> = []
  const given = record("options", options, problems)
  const env = given["env"] === undefined ? processEnv : record("env", given["env"], problems)
  const set = new Map<string, unknown>()
  for (const [option, value] of Object.entries(given)) {
    const key = keyOfOption.get(option)
    if (key !== undefined && value !== undefined && value !== null) set.set(key, value)
    else if (key === undefined && option !== "env")
      problems.push({
        key: `options.${option}`,
        expected: `only env, ${[...keyOfOption.keys()].join(", ")}`,
        found: "an option of another name"
      })
  }
  // What an option sets must not be found in the environment, where it would win.
  const hidden = new Set([...set.keys()].flatMap(namesOf))
  const texts: Record<string, string> = {}
  for (const [name, value] of Object.entries(env)) {
    if (hidden.has(name) || value === undefined) continue
    if (typeof value === "string") texts[name] = value
    else if (!set.has(name)) set.set(name, value)
  }
  const profile: Profile = Object.fromEntries(set)
  const parsed = parseConfig(texts, profile)
  if (Result.isFailure(parsed))
    problems.push(
      ...parsed.failure.problems.map((problem) =>
        hidden.has(problem.key)
          ? { ...problem, key: optionOfKey.get(problem.key) ?? problem.key }
          : problem
      )
    )
  return problems.length > 0 || Result.isFailure(parsed)
    ? Result.fail(new ConfigInvalid({ problems }))
    : parsed
}

const record = (
  key: string,
  value: unknown,
  problems: Array<Problem>
): Readonly<Record<string, unknown>> => {
  if (value === undefined || value === null) return {}
  // Any object is read as a record of its own properties; what they hold is checked one by one.
  if (typeof value === "object" && !Array.isArray(value)) return { ...value }
  problems.push({ key, expected: "an object", found: shown(value) })
  return {}
}

/** What is wrong with an address that Genesys is to call, by the rule that holds for the configured one. */
export const callbackProblems = (url: unknown): ReadonlyArray<Problem> => {
  const parsed = parseConfig({}, { WEBHOOK_CALLBACK_URL: url })
  const problems = Result.isFailure(parsed) ? parsed.failure.problems : []
  return problems
    .filter(({ key }) => key === "WEBHOOK_CALLBACK_URL")
    .map((problem) => ({ ...problem, key: "url" }))
}
