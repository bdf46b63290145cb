import { CampaignId, LockToken } from "@campaignctl/core"
import { type EventsDisturbance, EventsWorld } from "@campaignctl/core/testing"
import { CAMPAIGN_STATUSES, type ChannelFaultKind } from "@campaignctl/genesys-simulator"
import { Effect, Layer } from "effect"
import { Simulated } from "./simulated.ts"

const FAULT = {
  twice: "duplicateEvent",
  swapped: "swapEvent",
  missed: "missEvent"
} as const satisfies Record<EventsDisturbance, ChannelFaultKind>

/** The simulator's notifications in the contract suite's hands. */
export const simulatedEvents: Layer.Layer<EventsWorld, never, Simulated> = Layer.effect(
  EventsWorld,
  Effect.map(Simulated, ({ control }) =>
    EventsWorld.of({
      addCampaign: (name) =>
        Effect.map(
          Effect.promise(() => control.addCampaign({ name, status: "off" })),
          ({ id }) => CampaignId.make(id)
        ),
      change: (id, text) =>
        Effect.promise(async () => {
          const status = CAMPAIGN_STATUSES.find((known) => known === text)
          if (status === undefined) throw new Error(`The simulator has no status ${text}.`)
          const { version } = await control.changeCampaign(id, { status })
          return LockToken.make(String(version))
        }),
      disturb: (disturbance) =>
        Effect.promise(() => control.channelFault({ kind: FAULT[disturbance] })),
      breakConnections: Effect.promise(() => control.channelFault({ kind: "close" }))
    })
  )
)
