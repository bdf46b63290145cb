import { Ids } from "@campaignctl/core"
import { Effect, Layer } from "effect"
import { v7 } from "uuid"

/** UUIDs v7 from the system's clock and randomness; those of one process sort in the order they were made. */
export const idsLive: Layer.Layer<Ids> = Layer.succeed(Ids, { next: Effect.sync(() => v7()) })
