import { Effect } from "effect"
import { LockToken } from "../../campaign/Campaign.ts"
import type { TargetState } from "../../campaign/State.ts"
import { CampaignGateway } from "../../ports/CampaignGateway.ts"
import { shows } from "../../transition/shows.ts"
import { fails, holds, same } from "../ContractCase.ts"
import { GatewayWorld, type WorldState } from "../GatewayWorld.ts"
import { added, apply, type Case, change, get, NOBODY, requests, writes } from "./steps.ts"

const FROM: Readonly<Record<TargetState, WorldState>> = {
  active: "paused",
  paused: "active",
  completed: "active",
  archived: "active"
}

/** What every gateway promises of changing a campaign. */
export const writing: ReadonlyArray<Case> = [
  ...(["active", "paused", "completed", "archived"] as const).map((target): Case => ({
    name: `apply brings a campaign to ${target} with one request and one write, and gives the new lock`,
    run: Effect.gen(function* () {
      const { capabilities } = yield* CampaignGateway
      const before = yield* added(FROM[target])
      const arrived = yield* requests
      const applied = yield* apply(before, change(target))
      yield* same("the requests", (yield* requests) - arrived, 1)
      yield* same("wrote", applied.wrote, true)
      yield* same("the writes", yield* writes, [{ campaignId: before.id }])
      yield* holds(
        shows(capabilities, applied.campaign, target),
        `it is shown as ${applied.campaign.status}`
      )
      yield* holds(applied.campaign.lock !== before.lock, "the lock is still the same")
      yield* same("the lock of a read", (yield* get(before.id)).lock, applied.campaign.lock)
    })
  })),
  {
    name: "apply under a lock that somebody else has outdated is a LockConflict, and nothing is written",
    run: Effect.gen(function* () {
      const before = yield* added("active")
      yield* GatewayWorld.use((world) => world.setState(before.id, "paused"))
      const error = yield* fails("apply", apply(before, change("paused")))
      yield* same("the error", error._tag, "LockConflict" as const)
      yield* same("the writes", yield* writes, [])
    })
  },
  {
    name: "apply takes the lock of the campaign that is passed, and no other",
    run: Effect.gen(function* () {
      const before = yield* added("active")
      const error = yield* fails(
        "apply",
        apply({ ...before, lock: LockToken.make("7777777") }, change("paused"))
      )
      yield* same("the error", error._tag, "LockConflict" as const)
      yield* same("the writes", yield* writes, [])
    })
  },
  {
    name: "a lock serves one write",
    run: Effect.gen(function* () {
      const before = yield* added("active")
      yield* apply(before, change("paused"))
      const error = yield* fails("the second apply", apply(before, change("paused")))
      yield* same("the error", error._tag, "LockConflict" as const)
      yield* same("the writes", yield* writes, [{ campaignId: before.id }])
    })
  },
  {
    name: "of two that apply at once under the same lock, one is told of the conflict",
    run: Effect.gen(function* () {
      const before = yield* added("active")
      const results = yield* Effect.all(
        [
          Effect.result(apply(before, change("paused"))),
          Effect.result(apply(before, change("paused")))
        ],
        { concurrency: "unbounded" }
      )
      yield* same("the successes", results.filter(({ _tag }) => _tag === "Success").length, 1)
      yield* same("the writes", (yield* writes).length, 1)
    })
  },
  {
    name: "apply to a campaign that does not exist is CampaignNotFound",
    run: Effect.gen(function* () {
      const before = yield* added("active")
      const error = yield* fails("apply", apply({ ...before, id: NOBODY }, change("paused")))
      yield* same("the error", error._tag, "CampaignNotFound" as const)
    })
  },
  {
    name: "joining a drain sends nothing",
    run: Effect.gen(function* () {
      const { capabilities } = yield* CampaignGateway
      if (!capabilities.showsDrain) return
      const before = yield* added("draining", 2)
      const arrived = yield* requests
      const applied = yield* apply(before, change("paused"))
      yield* same("wrote", applied.wrote, false)
      yield* same("the requests", (yield* requests) - arrived, 0)
      yield* same("the campaign", applied.campaign, before)
    })
  },
  ...(["completed", "archived"] as const).map((target): Case => ({
    name: `${target} sends nothing for a campaign that does not dial, where only the ledger has the word`,
    run: Effect.gen(function* () {
      const { capabilities } = yield* CampaignGateway
      const before = yield* added("paused")
      const applied = yield* apply(before, change(target))
      yield* same("wrote", applied.wrote, capabilities.showsDispositions)
      yield* same("the writes", (yield* writes).length, capabilities.showsDispositions ? 1 : 0)
    })
  })),
  {
    name: "a pause that is not to drain is abrupt, or warned about",
    run: Effect.gen(function* () {
      const { capabilities } = yield* CampaignGateway
      const applied = yield* apply(yield* added("active", 2), change("paused", { drain: false }))
      yield* same(
        "the number of warnings",
        applied.warnings.length,
        capabilities.abruptPause ? 0 : 1
      )
    })
  }
]
