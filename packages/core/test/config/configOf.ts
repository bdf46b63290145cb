import { Result } from "effect"
import { type Config, parseConfig, type Problem, type Profile } from "../../src/index.ts"

export type Env = Readonly<Record<string, string | undefined>>

export const CREDENTIALS = { OAUTH_CLIENT_ID: "client", OAUTH_CLIENT_SECRET: "s3cret-value" }

export const configOf = (env: Env, profile?: Profile): Config => {
  const parsed = parseConfig({ ...CREDENTIALS, ...env }, profile)
  if (Result.isFailure(parsed)) throw parsed.failure
  return parsed.success
}

export const problemsOf = (env: Env, profile?: Profile): ReadonlyArray<Problem> => {
  const parsed = parseConfig({ ...CREDENTIALS, ...env }, profile)
  return Result.isFailure(parsed) ? parsed.failure.problems : []
}

export const keysOf = (env: Env, profile?: Profile): ReadonlyArray<string> =>
  problemsOf(env, profile).map(({ key }) => key)
