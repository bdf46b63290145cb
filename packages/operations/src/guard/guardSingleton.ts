import type { SupervisionPolicy } from "@campaignctl/core"
import { Effect, Layer } from "effect"
import { type Sharding, Singleton } from "effect/cluster"
import { watch, type WatchPorts } from "../watch/watch.ts"
import { type GuardPorts, supervise } from "./supervise.ts"

/** The name under which the cluster's processes agree on who supervises. */
const NAME = "campaignctl/guard"

/**
 * The guard in whichever process of the cluster owns it: one at a time, and another takes over where
 * that one ends. On one process alone it is that one.
 */
export const guardSingleton = (
  policy: SupervisionPolicy
): Layer.Layer<never, never, Sharding.Sharding | GuardPorts> =>
  policy.care === null ? Layer.empty : Singleton.make(NAME, Effect.scoped(supervise(policy)))

/** The watch, with the guard over what it sees; one at a time in the whole cluster. */
export const watchSingleton = (
  policy: SupervisionPolicy | undefined
): Layer.Layer<never, never, Sharding.Sharding | GuardPorts | WatchPorts> =>
  Singleton.make(
    NAME,
    Effect.scoped(
      Effect.flatMap(watch, (overview) =>
        policy === undefined || policy.care === null ? Effect.never : supervise(policy, overview)
      )
    )
  )

/** The guard in this process, for as long as its layer lives. Only where no other process supervises. */
export const guardAlone = (policy: SupervisionPolicy): Layer.Layer<never, never, GuardPorts> =>
  Layer.effectDiscard(Effect.forkScoped(supervise(policy)))
