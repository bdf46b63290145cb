import {
  type Config,
  type ConfigInvalid,
  type ConfigKey,
  type Environment,
  type LedgerConfig,
  parseConfig,
  type Profile
} from "@campaignctl/core"
import { Effect } from "effect"
import { warn } from "../render/emit.ts"
import { onOneLine } from "../render/onOneLine.ts"
import type { Terminal } from "../terminal/Terminal.ts"
import { defaultLedgerFile } from "./ledgerFile.ts"
import { misspelt } from "./misspelt.ts"
import { readProfile } from "./readProfile.ts"

/** What the command line says of the configuration. */
export interface ConfigOptions {
  readonly profile?: string
  readonly contract?: string
}

const profileOf = ({ profile }: ConfigOptions): Effect.Effect<Profile, ConfigInvalid> =>
  profile === undefined ? Effect.succeed({}) : readProfile(profile)

const defaultsOf = (env: Environment) => ({ ledgerFile: defaultLedgerFile(env) })

const warnOfMisspelt = Effect.fnUntraced(function* (
  env: Environment,
  profile: Profile
): Effect.fn.Return<void, never, Terminal> {
  for (const { meant, name } of misspelt(env, profile))
    yield* warn(`${onOneLine(name)} is not a name of the configuration; was ${meant} meant?`)
})

/** The whole configuration: the command line first, then the environment, then the profile file. */
export const loadConfig = Effect.fnUntraced(function* (
  env: Environment,
  options: ConfigOptions
): Effect.fn.Return<Config, ConfigInvalid, Terminal> {
  const profile = yield* profileOf(options)
  yield* warnOfMisspelt(env, profile)
  const named = options.contract === undefined ? {} : { GENESYS_CONTRACT: options.contract }
  return yield* Effect.fromResult(parseConfig({ ...env, ...named }, profile, defaultsOf(env)))
})

/** Stands where nothing is asked of Genesys; nothing is ever sent with it. */
const NOT_NEEDED: Environment = { OAUTH_CLIENT_ID: "unused", OAUTH_CLIENT_SECRET: "unused" }

/** The whole configuration for commands that look at operations and steer them, and never speak to Genesys. */
export const configWithoutCredentials = Effect.fnUntraced(function* (
  env: Environment,
  options: ConfigOptions
): Effect.fn.Return<Config, ConfigInvalid, Terminal> {
  const profile = yield* profileOf(options)
  yield* warnOfMisspelt(env, profile)
  return yield* Effect.fromResult(parseConfig({ ...NOT_NEEDED, ...env }, profile, defaultsOf(env)))
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
