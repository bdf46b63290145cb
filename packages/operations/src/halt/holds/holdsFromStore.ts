import { AuditUnavailable, Holds } from "@campaignctl/core"
import { Effect, Layer } from "effect"
import { HoldStore } from "./HoldStore.ts"

/** Starts nothing that a halt of this store holds, and nothing while the store cannot be read. */
export const holdsFromStore: Layer.Layer<never, never, HoldStore> = Layer.effect(
  Holds,
  Effect.map(HoldStore, (store) => ({
    active: store
      .list({ active: true })
      .pipe(
        Effect.mapError(
          ({ detail }) => new AuditUnavailable({ detail, changeMayHaveHappened: false })
        )
      )
  }))
)
