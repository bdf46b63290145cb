import {
  type AuditUnavailable,
  type Config,
  ConfigInvalid,
  type ConfigKey,
  type Environment
} from "@campaignctl/core"
import { idsLive } from "@campaignctl/ledger-sql"
import {
  layerWebhooks,
  parseAllowList,
  Webhooks,
  type WebhooksUnavailable
} from "@campaignctl/webhooks"
import { Effect, Layer, Result } from "effect"
import type { SqlClient } from "effect/sql"
import { ledgerLayer } from "../compose/layers.ts"
import { configWithoutCredentials } from "../compose/loadConfig.ts"
import type { ExitCode } from "../exit/ExitCode.ts"
import type { CommandError } from "../process/CommandError.ts"
import type { CommandEffect, CommandInput } from "../process/CommandInput.ts"
import type { Terminal } from "../terminal/Terminal.ts"

const ALLOW_KEY: ConfigKey = "CAMPAIGNCTL_WEBHOOK_ALLOW"

/** Webhooks in the ledger's database, which is opened once; the client is there for what else is looked up. */
const webhooksLayer = (
  { ledger, webhookAllow = "" }: Config,
  env: Environment
): Layer.Layer<
  Webhooks | SqlClient.SqlClient,
  ConfigInvalid | AuditUnavailable | WebhooksUnavailable
> => {
  const allow = parseAllowList(webhookAllow)
  if (Result.isFailure(allow)) {
    const problems = allow.failure.map((problem) => ({ ...problem, key: ALLOW_KEY }))
    return Layer.effectContext(Effect.fail(new ConfigInvalid({ problems })))
  }
  return layerWebhooks({ allow: allow.success }).pipe(
    Layer.provideMerge(ledgerLayer(ledger, env)),
    Layer.provide(idsLive)
  )
}

/** Runs on webhooks, wherever the ledger is. No credentials of Genesys are needed. */
export const onWebhooks = (
  { env, options }: Pick<CommandInput, "env" | "options">,
  use: (
    webhooks: Webhooks["Service"],
    config: Config
  ) => Effect.Effect<ExitCode, CommandError, SqlClient.SqlClient | Terminal>
): CommandEffect =>
  Effect.flatMap(configWithoutCredentials(env, options), (config) =>
    Effect.provide(
      Effect.flatMap(Webhooks, (webhooks) => use(webhooks, config)),
      webhooksLayer(config, env)
    )
  )
