import { Effect, Stream } from "effect"
import { type Campaign, CampaignId, LockToken } from "../campaign/Campaign.ts"
import { seenState } from "../campaign/stateOf.ts"
import type { TargetState } from "../campaign/State.ts"
import type { GatewayError } from "../errors/errors.ts"
import {
  CampaignGateway,
  type CampaignFilter,
  type CampaignPage,
  type Change
} from "../ports/CampaignGateway.ts"
import { shows } from "../transition/shows.ts"
import { type ContractCase, fails, holds, same } from "./ContractCase.ts"
import {
  GatewayWorld,
  RATE_LIMIT_SECONDS,
  type WorldFault,
  type WorldState
} from "./GatewayWorld.ts"

type Case = ContractCase<CampaignGateway | GatewayWorld>

const NOBODY = CampaignId.make("99999999-9999-4999-8999-999999999999")
/** More campaigns than one page of any contract holds. */
const MORE_THAN_A_PAGE = 101

const change = (target: TargetState, more: Partial<Change> = {}): Change => ({
  target,
  drain: true,
  restart: false,
  ...(target === "paused" ? { pauseReason: "OTHER" as const } : {}),
  ...more
})

const add = (state: WorldState = "active", name = "Contract", calls = 0) =>
  GatewayWorld.use((world) => world.addCampaign({ name, state, calls }))
const get = (id: CampaignId) => CampaignGateway.use((gateway) => gateway.get(id))
const added = (state: WorldState = "active", calls = 0) =>
  Effect.flatMap(add(state, "Contract", calls), get)
const apply = (campaign: Campaign, wanted: Change) =>
  CampaignGateway.use((gateway) => gateway.apply(campaign, wanted))
const writes = GatewayWorld.use((world) => world.writes)
const requests = GatewayWorld.use((world) => world.requests)
const pages = (filter: CampaignFilter) =>
  CampaignGateway.use((gateway) => Stream.runCollect(gateway.list(filter)))
const listed = (filter: CampaignFilter) =>
  Effect.map(pages(filter), (found) => found.flatMap(({ campaigns }) => campaigns))
const ids = (filter: CampaignFilter) =>
  Effect.map(listed(filter), (found) => found.map(({ id }) => id))

const reading: ReadonlyArray<Case> = [
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

const listing: ReadonlyArray<Case> = [
  {
    name: "list gives every campaign once, over all pages, and a total that is true",
    run: Effect.gen(function* () {
      const made = yield* Effect.forEach(Array.from({ length: MORE_THAN_A_PAGE }), (_, n) =>
        add("paused", `Many ${n}`)
      )
      const found = yield* pages({})
      const all = found.flatMap(({ campaigns }) => campaigns.map(({ id }) => id))
      yield* holds(found.length > 1, "all came in one page")
      yield* same("the number of different ids", new Set(all).size, all.length)
      yield* holds(
        made.every((id) => all.includes(id)),
        "a campaign is missing"
      )
      const total = found[0]?.total
      yield* holds(
        total === undefined || total === all.length,
        `the total says ${total}, there are ${all.length}`
      )
    })
  },
  {
    name: "list requests a page only when it is pulled",
    run: Effect.gen(function* () {
      yield* Effect.forEach(Array.from({ length: MORE_THAN_A_PAGE }), (_, n) =>
        add("paused", `Many ${n}`)
      )
      const before = yield* requests
      yield* CampaignGateway.use((gateway) => Stream.runCollect(Stream.take(gateway.list({}), 1)))
      yield* same("the requests", (yield* requests) - before, 1)
    })
  },
  {
    name: "list from a later page gives what follows, and requests none of the pages before",
    run: Effect.gen(function* () {
      yield* Effect.forEach(Array.from({ length: MORE_THAN_A_PAGE }), (_, n) =>
        add("paused", `Many ${n}`)
      )
      const idsOf = (found: ReadonlyArray<CampaignPage>) =>
        found.map(({ campaigns }) => campaigns.map(({ id }) => id))
      const all = idsOf(yield* pages({}))
      const before = yield* requests
      yield* same("the later pages", idsOf(yield* pages({ skipPages: 1 })), all.slice(1))
      yield* same("the requests", (yield* requests) - before, all.length - 1)
      yield* same("beyond the end", (yield* listed({ skipPages: all.length + 1 })).length, 0)
    })
  },
  {
    name: "list by ids keeps their order, over more than one request, and leaves out what does not exist",
    run: Effect.gen(function* () {
      const made = yield* Effect.forEach(Array.from({ length: MORE_THAN_A_PAGE }), (_, n) =>
        add("paused", `Many ${n}`)
      )
      const wanted = made.toReversed()
      yield* same("the ids", yield* ids({ ids: [NOBODY, ...wanted] }), wanted)
    })
  },
  {
    name: "list by no ids at all is empty",
    run: Effect.gen(function* () {
      yield* add()
      yield* same("the ids", yield* ids({ ids: [] }), [])
    })
  },
  {
    name: "list by the beginning of the name disregards case",
    run: Effect.gen(function* () {
      const wanted = yield* add("paused", "Zebra one")
      yield* add("paused", "One zebra")
      yield* same("the ids", yield* ids({ namePrefix: "zEBRA" }), [wanted])
    })
  },
  {
    name: "list by queue gives that queue's campaigns alone",
    run: Effect.gen(function* () {
      const { id, queue } = yield* added("paused")
      if (queue === undefined) return yield* holds(false, "the campaign has no queue")
      const found = yield* listed({ queueId: queue.id })
      yield* holds(
        found.some((campaign) => campaign.id === id),
        "the campaign is missing"
      )
      yield* holds(
        found.every((campaign) => campaign.queue?.id === queue.id),
        "a campaign has another queue"
      )
    })
  },
  {
    name: "list by division gives that division's campaigns alone",
    run: Effect.gen(function* () {
      const { division, id } = yield* added("paused")
      if (division === undefined) return yield* holds(false, "the campaign has no division")
      yield* holds(
        (yield* ids({ divisionIds: [division.id] })).includes(id),
        "the campaign is missing"
      )
      yield* same("another division's", yield* ids({ divisionIds: [NOBODY] }), [])
    })
  }
]

const FROM: Readonly<Record<TargetState, WorldState>> = {
  active: "paused",
  paused: "active",
  completed: "active",
  archived: "active"
}

const writing: ReadonlyArray<Case> = [
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

/** What each fault of a write must become, and whether the write took effect all the same. */
const FAULTS: Readonly<
  Record<WorldFault, { readonly tag: GatewayError["_tag"]; readonly applied: boolean }>
> = {
  "rate-limited": { tag: "RateLimited", applied: false },
  "server-error": { tag: "GenesysUnavailable", applied: false },
  "lost-before": { tag: "GenesysUnavailable", applied: false },
  "lost-after": { tag: "GenesysUnavailable", applied: true },
  "cut-short": { tag: "GenesysUnavailable", applied: true },
  refused: { tag: "GenesysRefused", applied: false },
  "permission-missing": { tag: "PermissionMissing", applied: false }
}

// The keys of FAULTS are the faults, which Object.keys does not say.
const faults = Object.keys(FAULTS) as ReadonlyArray<WorldFault>

const failing: ReadonlyArray<Case> = [
  ...faults.map((fault): Case => ({
    name: `a write that is ${fault} is ${FAULTS[fault].tag}, sent once, ${FAULTS[fault].applied ? "and had its effect" : "without effect"}`,
    run: Effect.gen(function* () {
      const before = yield* added("active")
      yield* GatewayWorld.use((world) => world.failNext("apply", fault))
      const arrived = yield* requests
      const error = yield* fails("apply", apply(before, change("paused")))
      yield* same("the error", error._tag, FAULTS[fault].tag)
      yield* same("the requests", (yield* requests) - arrived, 1)
      yield* same("the writes", (yield* writes).length, FAULTS[fault].applied ? 1 : 0)
      const after = yield* get(before.id)
      yield* holds(
        (after.lock !== before.lock) === FAULTS[fault].applied,
        "the lock tells another story"
      )
    })
  })),
  ...(["get", "list"] as const).flatMap((kind) =>
    (["rate-limited", "server-error", "lost-before", "permission-missing"] as const).map(
      (fault): Case => ({
        name: `a ${kind} that is ${fault} is ${FAULTS[fault].tag}, sent once, and the next one works`,
        run: Effect.gen(function* () {
          const id = yield* add("active")
          yield* GatewayWorld.use((world) => world.failNext(kind, fault))
          const arrived = yield* requests
          const read = kind === "get" ? Effect.asVoid(get(id)) : Effect.asVoid(pages({}))
          const error = yield* fails(kind, read)
          yield* same("the error", error._tag, FAULTS[fault].tag)
          yield* same("the requests", (yield* requests) - arrived, 1)
          yield* read
        })
      })
    )
  ),
  {
    name: "a rate limit says how long to wait",
    run: Effect.gen(function* () {
      const id = yield* add("active")
      yield* GatewayWorld.use((world) => world.failNext("get", "rate-limited"))
      const error = yield* fails("get", get(id))
      yield* holds(
        error._tag === "RateLimited" && error.retryAfterMs === RATE_LIMIT_SECONDS * 1_000,
        `expected ${RATE_LIMIT_SECONDS} s, found ${JSON.stringify(error)}`
      )
    })
  }
]

/** What every campaign gateway promises. */
export const gatewayContract: ReadonlyArray<Case> = [...reading, ...listing, ...writing, ...failing]
