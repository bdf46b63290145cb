import { Effect } from "effect"
import type { CampaignId } from "../../campaign/Campaign.ts"
import { seenState } from "../../campaign/stateOf.ts"
import { CampaignGateway } from "../../ports/CampaignGateway.ts"
import { fails, holds, same } from "../ContractCase.ts"
import { GatewayWorld } from "../GatewayWorld.ts"
import { add, added, type Case, FAULTS, faults, get, NOBODY, requests, writes } from "./steps.ts"

/** A contract without an unlocked stop reads once before it writes. */
const MOST_REQUESTS = 2

const stop = (id: CampaignId) => CampaignGateway.use((gateway) => gateway.stop(id, "COMPLIANCE"))

/** What every gateway promises of the stop that asks for no lock. */
export const stopping: ReadonlyArray<Case> = [
  {
    name: "stop makes a campaign stop dialling, whoever has written to it since it was read",
    run: Effect.gen(function* () {
      const { id } = yield* added("active")
      yield* GatewayWorld.use((world) => world.setState(id, "active"))
      const arrived = yield* requests
      yield* stop(id)
      yield* holds((yield* requests) - arrived <= MOST_REQUESTS, "it sent too many requests")
      yield* same("the writes", yield* writes, [{ campaignId: id }])
      yield* holds(seenState((yield* get(id)).status) !== "active", "it still dials")
    })
  },
  {
    name: "stop lets running calls end",
    run: Effect.gen(function* () {
      const { capabilities } = yield* CampaignGateway
      const { id } = yield* added("active", 2)
      yield* stop(id)
      const shown = capabilities.showsDrain ? "draining" : "paused"
      yield* same("the state", seenState((yield* get(id)).status), shown)
    })
  },
  ...(["paused", "draining", "completed"] as const).map((state): Case => ({
    name: `stop leaves a campaign that is ${state} as it is: accepted, or a LockConflict`,
    run: Effect.gen(function* () {
      const before = yield* added(state, 2)
      const told = yield* Effect.result(stop(before.id))
      yield* holds(
        told._tag === "Success" || told.failure._tag === "LockConflict",
        `it was answered with ${JSON.stringify(told)}`
      )
      yield* same("the status", (yield* get(before.id)).status, before.status)
      yield* same("the writes", yield* writes, [])
    })
  })),
  {
    name: "stop of a campaign that does not exist is CampaignNotFound",
    run: Effect.gen(function* () {
      yield* add("active")
      yield* same("the error", (yield* fails("stop", stop(NOBODY)))._tag, "CampaignNotFound")
    })
  },
  ...faults.map((fault): Case => ({
    name: `a stop that is ${fault} is ${FAULTS[fault].tag}, not tried again, ${FAULTS[fault].applied ? "and had its effect" : "without effect"}`,
    run: Effect.gen(function* () {
      const id = yield* add("active")
      yield* GatewayWorld.use((world) => world.failNext("stop", fault))
      const error = yield* fails("stop", stop(id))
      yield* same("the error", error._tag, FAULTS[fault].tag)
      yield* same("the writes", (yield* writes).length, FAULTS[fault].applied ? 1 : 0)
    })
  }))
]
