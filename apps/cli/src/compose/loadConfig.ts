import {
  type Config,
  ConfigInvalid,
  type ConfigKey,
  type Environment,
  type LedgerConfig,
  parseConfig,
  type Profile
} from "@campaignctl/core"
import { Effect, Result } from "effect"
import { warn } from "../render/emit.ts"
import { onOneLine } from "../render/onOneLine.ts"
import type { Terminal } from "../terminal/Terminal.ts"
import { defaultLedgerFile } from "./ledgerFile.ts"
import { misspelt, profileProblems } from "./misspelt.ts"
import { readProfile } from "./readProfile.ts"

/** What the command line says of the configuration. */
export interface ConfigOptions {
  readonly profile?: string
  readonly contract?: string
}

const profileOf = ({ profile }: ConfigOptions): Effect.Effect<Profile, ConfigInvalid> =>
  profile === undefined ? Effect.succeed({}) : readProfile(profile)

const defaultsOf = (env: Environment) => ({ ledgerFile: defaultLedgerFile(env) })

/** Reads the environment and the profile, with everything that is wrong with either at once. */
const read = Effect.fnUntraced(function* (
  env: Environment,
  effective: Environment,
  options: ConfigOptions
): Effect.fn.Return<Config, ConfigInvalid, Terminal> {
  const profile = yield* profileOf(options)
  for (const { meant, name } of misspelt(env))
    yield* warn(`${onOneLine(name)} is not a name of the configuration; was ${meant} meant?`)
  const parsed = parseConfig(effective, profile, defaultsOf(env))
  const unknown = yield* profileProblems(profile)
  if (unknown.length === 0) return yield* Effect.fromResult(parsed)
  const others = Result.isFailure(parsed) ? parsed.failure.problems : []
  return yield* new ConfigInvalid({ problems: [...others, ...unknown] })
})

/** The whole configuration: the command line first, then the environment, then the profile file. */
export const loadConfig = Effect.fnUntraced(function* (
  env: Environment,
  options: ConfigOptions
): Effect.fn.Return<Config, ConfigInvalid, Terminal> {
  const named = options.contract === undefined ? {} : { GENESYS_CONTRACT: options.contract }
  return yield* read(env, { ...env, ...named }, options)
})

/** Stands where nothing is asked of Genesys; nothing is ever sent with it. */
const NOT_NEEDED: Environment = { OAUTH_CLIENT_ID: "unused", OAUTH_CLIENT_SECRET: "unused" }

/** The whole configuration for commands that look at operations and steer them, and never speak to Genesys. */
export const configWithoutCredentials = Effect.fnUntraced(function* (
  env: Environment,
  options: ConfigOptions
): Effect.fn.Return<Config, ConfigInvalid, Terminal> {
  return yield* read(env, { ...NOT_NEEDED, ...env }, options)
})

const LEDGER_KEY: ConfigKey = "CAMPAIGNCTL_DATABASE_URL"

/** Where the ledger is, for commands that need nothing else: no mistake in the rest keeps them from it. */
export const loadLedgerConfig = Effect.fnUntraced(function* (
  env: Environment,
  options: ConfigOptions
): Effect.fn.Return<LedgerConfig, ConfigInvalid> {
  const profile = yield* profileOf(options)
  const parsed = parseConfig(
    { ...NOT_NEEDED, [LEDGER_KEY]: env[LEDGER_KEY] },
    LEDGER_KEY in profile ? { [LEDGER_KEY]: profile[LEDGER_KEY] } : {},
    defaultsOf(env)
  )
  return (yield* Effect.fromResult(parsed)).ledger
})
