import { type Config, ConfigInvalid } from "@campaignctl/core"
import { idsLive } from "@campaignctl/ledger-sql"
import type { Beside } from "@campaignctl/operations"
import {
  type AllowList,
  deliver,
  type DeliverPorts,
  layerWebhooks,
  parseAllowList
} from "@campaignctl/webhooks"
import { Effect, Layer, Result } from "effect"
import { callbackLayer } from "./Callback.ts"

/** The name under which the cluster's processes agree on who delivers. */
const NAME = "webhooks"

const allowed = ({ webhookAllow = "" }: Pick<Config, "webhookAllow">) =>
  Result.match(parseAllowList(webhookAllow), {
    onSuccess: (allow): Effect.Effect<AllowList, ConfigInvalid> => Effect.succeed(allow),
    onFailure: (faults) =>
      Effect.fail(
        new ConfigInvalid({
          problems: faults.map((fault) => ({ ...fault, key: "CAMPAIGNCTL_WEBHOOK_ALLOW" }))
        })
      )
  })

/** The subscriptions, with the one that the configuration keeps. */
export const webhooksLayer = (config: Config) =>
  Layer.unwrap(
    Effect.map(allowed(config), (allow) =>
      callbackLayer(config).pipe(
        Layer.provideMerge(layerWebhooks({ allow })),
        Layer.provide(idsLive)
      )
    )
  )

/** What delivers, for the engine to run once in the whole cluster. */
export const delivering = Effect.fnUntraced(function* (
  config: Config
): Effect.fn.Return<Beside, ConfigInvalid, DeliverPorts> {
  const allow = yield* allowed(config)
  const ports = yield* Effect.context<DeliverPorts>()
  return { name: NAME, run: Effect.provideContext(deliver({ allow }), ports) }
})
