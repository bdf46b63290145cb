import type { AuditLog, CampaignctlError } from "@campaignctl/core"
import { Effect } from "effect"
import { ledgerLayer } from "../compose/layers.ts"
import { loadLedgerConfig } from "../compose/loadConfig.ts"
import type { ExitCode } from "../exit/ExitCode.ts"
import type { CommandEffect, CommandInput } from "../process/CommandInput.ts"
import type { Terminal } from "../terminal/Terminal.ts"

/** Runs on the ledger alone: no credentials, and nothing of Genesys, are needed. */
export const withLedger = (
  { env, options }: Pick<CommandInput, "env" | "options">,
  use: Effect.Effect<ExitCode, CampaignctlError, AuditLog | Terminal>
): CommandEffect =>
  Effect.flatMap(loadLedgerConfig(env, options), (ledger) =>
    Effect.provide(use, ledgerLayer(ledger, env))
  )
