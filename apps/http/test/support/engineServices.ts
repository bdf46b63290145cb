import { idsLive, layerSqliteClient } from "@campaignctl/ledger-sql"
import {
  haltServices,
  layerCampaignPolicies,
  layerSchedules,
  layerSingle,
  PolicyStore
} from "@campaignctl/operations"
import { Layer } from "effect"
import { memoryServices } from "./memoryApp.ts"
import { webhookServices } from "./webhookServices.ts"

/** All that the service stands on, in memory, with an engine of its own. */
export const engineServices = Layer.mergeAll(
  layerSingle({ filename: undefined }),
  Layer.provide(layerSchedules(), idsLive),
  webhookServices().layer
).pipe(
  Layer.provideMerge(
    layerCampaignPolicies.pipe(Layer.provideMerge(Layer.merge(PolicyStore.layer, haltServices)))
  ),
  Layer.provideMerge(memoryServices),
  Layer.provide(layerSqliteClient({ filename: ":memory:" }))
)
