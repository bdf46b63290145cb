import type { CampaignctlError } from "@campaignctl/core"
import type { KeyStore } from "@campaignctl/http/keys"
import { Effect } from "effect"
import { makeOwnLedger } from "../compose/ledgerFile.ts"
import { loadLedgerConfig } from "../compose/loadConfig.ts"
import type { ExitCode } from "../exit/ExitCode.ts"
import type { CommandEffect, CommandInput } from "../process/CommandInput.ts"
import type { Terminal } from "../terminal/Terminal.ts"

/** Runs on the service's API keys, which live in the ledger's database. No credentials of Genesys are needed. */
export const withKeys = (
  { env, options }: Pick<CommandInput, "env" | "options">,
  use: Effect.Effect<ExitCode, CampaignctlError, KeyStore | Terminal>
): CommandEffect =>
  Effect.gen(function* () {
    const ledger = yield* loadLedgerConfig(env, options)
    yield* makeOwnLedger(ledger, env)
    const { keysLayer } = yield* Effect.promise(() => import("@campaignctl/http/keys"))
    return yield* Effect.provide(use, keysLayer(ledger))
  })
