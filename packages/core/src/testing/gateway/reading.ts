import { Effect } from "effect"
import { seenState } from "../../campaign/stateOf.ts"
import { CampaignGateway } from "../../ports/CampaignGateway.ts"
import { fails, holds, same } from "../ContractCase.ts"
import { GatewayWorld } from "../GatewayWorld.ts"
import { add, added, type Case, get, NOBODY } from "./steps.ts"

/** What every gateway promises of reading one campaign. */
export const reading: ReadonlyArray<Case> = [
  {
    name: "get shows a campaign's id, name and state, with a lock",
    run: Effect.gen(function* () {
      const id = yield* add("paused", "Spring offer")
      const campaign = yield* get(id)
      yield* same("the id", campaign.id, id)
      yield* same("the name", campaign.name, "Spring offer")
      yield* same("the state", seenState(campaign.status), "paused" as const)
      yield* holds(campaign.lock !== "", "the lock is empty")
      yield* holds(campaign.original !== undefined, "the original body was not kept")
    })
  },
  {
    name: "get of a campaign that does not exist fails with CampaignNotFound, by its id",
    run: Effect.gen(function* () {
      const error = yield* fails("get", get(NOBODY))
      yield* same("the error", error._tag, "CampaignNotFound" as const)
      yield* holds(
        error._tag === "CampaignNotFound" && error.campaignId === NOBODY,
        "it names another id"
      )
    })
  },
  {
    name: "a campaign's lock changes when somebody else writes, and not otherwise",
    run: Effect.gen(function* () {
      const before = yield* added("active")
      yield* same("the lock of a second read", (yield* get(before.id)).lock, before.lock)
      yield* GatewayWorld.use((world) => world.setState(before.id, "paused"))
      yield* holds((yield* get(before.id)).lock !== before.lock, "the lock is still the same")
    })
  },
  {
    name: "outstandingCalls counts running calls, or is undefined where drains are not shown",
    run: Effect.gen(function* () {
      const { capabilities, outstandingCalls } = yield* CampaignGateway
      const id = yield* add("draining", "Contract", 3)
      yield* same("the calls", yield* outstandingCalls(id), capabilities.showsDrain ? 3 : undefined)
      yield* GatewayWorld.use((world) => world.endCalls(id))
      yield* same("the state at the end", seenState((yield* get(id)).status), "paused" as const)
    })
  }
]
