import { Effect } from "effect"
import { refuse } from "../arguments/Problems.ts"
import { genesysLayer } from "../compose/layers.ts"
import { loadConfig } from "../compose/loadConfig.ts"
import { ExitCode } from "../exit/ExitCode.ts"
import type { CommandEffect, CommandInput } from "../process/CommandInput.ts"
import { emit } from "../render/emit.ts"

export interface WebhookOptions {
  readonly url?: string
}

/** What Genesys answers for a webhook that was there already. */
const EXISTING = "existing"

/** `webhook register`: asks Genesys to report campaign updates to an address. ETag contract alone. */
export const command = ({ env, options }: CommandInput<WebhookOptions>): CommandEffect =>
  Effect.gen(function* () {
    const config = yield* loadConfig(env, options)
    const url = options.url ?? config.webhookCallbackUrl
    if (url === undefined)
      return yield* refuse(
        "--url",
        "the address to report to, here or as WEBHOOK_CALLBACK_URL",
        "nothing"
      )
    const { WebhookRegistration } = yield* Effect.promise(
      () => import("@campaignctl/genesys-cloud")
    )
    const { id } = yield* Effect.flatMap(WebhookRegistration, ({ register }) => register(url)).pipe(
      Effect.provide(genesysLayer(config))
    )
    const existed = id === EXISTING
    yield* emit({ id, url, existed }, () => [
      existed
        ? `✓ The webhook for ${url} is registered already.`
        : `✓ Registered webhook ${id} for ${url}.`
    ])
    return ExitCode.done
  })
