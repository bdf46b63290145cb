import { Effect, Stream } from "effect"
import { CampaignGateway, type CampaignPage } from "../../ports/CampaignGateway.ts"
import { holds, same } from "../ContractCase.ts"
import {
  add,
  added,
  type Case,
  ids,
  listed,
  MORE_THAN_A_PAGE,
  NOBODY,
  pages,
  requests
} from "./steps.ts"

/** What every gateway promises of listing campaigns. */
export const listing: ReadonlyArray<Case> = [
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
