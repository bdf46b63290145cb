import type { CampaignEvents } from "@campaignctl/core"
import { Effect, Semaphore, Stream } from "effect"
import type { GenesysClient } from "../wire/GenesysClient.ts"
import type { OpenSocket } from "./Socket.ts"

/** The events of notification channels, whose program is read when they are first used: most commands never do. */
export const lazyEvents = (
  client: GenesysClient,
  apiUrl: string,
  open: OpenSocket | undefined
): CampaignEvents["Service"] => {
  const loading = Semaphore.makeUnsafe(1)
  let made: CampaignEvents["Service"] | undefined
  const load = loading.withPermit(
    Effect.gen(function* () {
      if (made !== undefined) return made
      const { makeGenesysEvents } = yield* Effect.promise(() => import("./GenesysEvents.ts"))
      made = yield* makeGenesysEvents(client, apiUrl, open)
      return made
    })
  )
  return {
    available: true,
    follow: (ids) => Effect.flatMap(load, (events) => events.follow(ids)),
    news: Stream.unwrap(Effect.map(load, ({ news }) => news))
  }
}

/** For the contract that tells of changes by a webhook of its own, registered elsewhere. */
export const noEvents: CampaignEvents["Service"] = {
  available: false,
  follow: () => Effect.void,
  news: Stream.never
}
