import { type Config, type ConfigInvalid, type Environment, parseConfig } from "@campaignctl/core"
import { Effect } from "effect"
import { defaultLedgerFile } from "../compose/ledgerFile.ts"
import type { ConfigOptions } from "../compose/loadConfig.ts"
import { readProfile } from "../compose/readProfile.ts"

/** Stands where nothing is asked of Genesys; nothing is ever sent with it. */
const NOT_NEEDED: Environment = { OAUTH_CLIENT_ID: "unused", OAUTH_CLIENT_SECRET: "unused" }

/** The configuration for commands that look at operations and steer them, and never speak to Genesys. */
export const configWithoutCredentials = Effect.fnUntraced(function* (
  env: Environment,
  { profile: file }: ConfigOptions
): Effect.fn.Return<Config, ConfigInvalid> {
  const profile = file === undefined ? {} : yield* readProfile(file)
  return yield* Effect.fromResult(
    parseConfig({ ...NOT_NEEDED, ...env }, profile, { ledgerFile: defaultLedgerFile(env) })
  )
})
