import type { Environment } from "@campaignctl/core"
import { runService } from "@campaignctl/http"
import { Effect, Option, Result } from "effect"
import { defaultLedgerFile, makeOwnLedger } from "../compose/ledgerFile.ts"
import { loadLedgerConfig } from "../compose/loadConfig.ts"
import { readProfile } from "../compose/readProfile.ts"
import { ExitCode } from "../exit/ExitCode.ts"

export interface ServeOptions {
  readonly profile?: string
  readonly contract?: string
}

const environmentOf = (env: Environment, { contract }: ServeOptions): Environment =>
  contract === undefined ? env : { ...env, GENESYS_CONTRACT: contract }

/** `serve`: runs the HTTP service until it is told to end. */
export const serve = async (options: ServeOptions): Promise<number> => {
  const writeError = (text: string): void => void process.stderr.write(text)
  const env = environmentOf(process.env, options)
  const prepared = await Effect.runPromise(
    Effect.result(
      Effect.gen(function* () {
        const profile = options.profile === undefined ? {} : yield* readProfile(options.profile)
        // A mistake in it is told by the service, together with all others.
        const ledger = yield* Effect.option(loadLedgerConfig(env, options))
        if (Option.isSome(ledger)) yield* makeOwnLedger(ledger.value, env)
        return { ledgerFile: defaultLedgerFile(env), profile }
      })
    )
  )
  if (Result.isFailure(prepared)) {
    writeError(`${prepared.failure.message}\n`)
    return prepared.failure._tag === "ConfigInvalid" ? ExitCode.usage : ExitCode.unavailable
  }
  return runService({
    env,
    ...prepared.success,
    write: (text) => void process.stdout.write(text),
    isTerminal: process.stdout.isTTY,
    writeError,
    onSignal: (listener) => {
      process.on("SIGINT", listener)
      process.on("SIGTERM", listener)
    },
    exitNow: (code) => process.exit(code)
  })
}
