import { CampaignGateway, type CampaignId, GenesysUnavailable } from "@campaignctl/core"
import { expect } from "@effect/vitest"
import { Effect, Fiber, Stream } from "effect"
import { TestClock } from "effect/testing"
import { haltSucceeded, runHalt } from "../../src/halt/index.ts"
import { allThatCan } from "./support/allThatCan.ts"
import { add, afterwards, halting, request, statusOf } from "./support/halting.ts"

const PAGE = 100
const PAGES = 20
const OFTEN = 0.2

const error = new GenesysUnavailable({ reason: "server-error", detail: "as the test wants." })

/** One campaign that dials on each page of the list. */
const onEachPage = Effect.gen(function* () {
  const dialling: Array<CampaignId> = []
  for (let place = 0; place < PAGES * PAGE; place++) {
    const id = yield* add(`Sales ${place}`, place % PAGE === 50 ? "active" : "paused")
    if (place % PAGE === 50) dialling.push(id)
  }
  return dialling
})

/** The gateway, whose pages fail where the test says so: by their places from the beginning. */
const whosePages = (fail: (page: number) => boolean) =>
  Effect.map(CampaignGateway, (gateway) =>
    CampaignGateway.of({
      ...gateway,
      list: (filter) =>
        Stream.suspend(() => {
          let next = filter.skipPages ?? 0
          return gateway
            .list(filter)
            .pipe(
              Stream.mapEffect((page) =>
                Effect.suspend(() => (fail(next++) ? Effect.fail(error) : Effect.succeed(page)))
              )
            )
        })
    })
  )

halting(
  "stops what is on the pages behind one that Genesys never gives, and claims no proof",
  (witness) =>
    Effect.gen(function* () {
      const dialling = yield* onEachPage
      const broken = yield* whosePages((page) => page === 3)
      const halt = yield* runHalt({ ...request, proofDeadlineMs: 120_000 }).pipe(
        Effect.provideService(CampaignGateway, broken),
        Effect.forkChild
      )
      yield* allThatCan
      yield* TestClock.adjust("10 seconds")
      expect(new Set(witness.stopped)).toEqual(new Set(dialling.toSpliced(3, 1)))
      yield* TestClock.adjust("5 minutes")
      const report = yield* Fiber.join(halt)
      expect(report).toMatchObject({ proven: false, holding: true })
      expect(report.warnings.join(" ")).toContain("could not be listed")
    })
)

halting("proves itself on a long list whose every fifth page fails at first", (witness) =>
  Effect.gen(function* () {
    const dialling = yield* onEachPage
    let state = 1
    const sometimes = yield* whosePages(() => {
      state = (state * 48_271) % 2_147_483_647
      return state / 2_147_483_647 < OFTEN
    })
    const report = yield* afterwards(
      Effect.provideService(runHalt(request), CampaignGateway, sometimes)
    )
    expect(haltSucceeded(report)).toBe(true)
    expect(new Set(witness.stopped)).toEqual(new Set(dialling))
    expect(report.tookMs).toBeLessThan(120_000)
  })
)

halting("takes no list for whole whose total has changed while it was read", () =>
  Effect.gen(function* () {
    const [unseen = yield* add("none")] = (yield* onEachPage).slice(-1)
    const gateway = yield* CampaignGateway
    // What is deleted on a page that was read moves a campaign of a later page onto it.
    let shifts = true
    const shifting = CampaignGateway.of({
      ...gateway,
      list: (filter) =>
        gateway.list(filter).pipe(
          Stream.map(({ campaigns, total = 0 }, page) => ({
            campaigns: shifts ? campaigns.filter(({ id }) => id !== unseen) : campaigns,
            total: shifts && page > 0 ? total - 1 : total
          }))
        )
    })
    const halt = yield* runHalt(request).pipe(
      Effect.provideService(CampaignGateway, shifting),
      Effect.forkChild
    )
    yield* allThatCan
    yield* TestClock.adjust("60 seconds")
    shifts = false
    yield* TestClock.adjust("10 minutes")
    expect(haltSucceeded(yield* Fiber.join(halt))).toBe(true)
    expect(yield* statusOf(unseen)).toBe("off")
  })
)

halting("stops what cannot be read too, and claims no proof until it can be", (witness) =>
  Effect.gen(function* () {
    const [read, unread] = [yield* add("Sales"), yield* add("Odd")]
    const gateway = yield* CampaignGateway
    let odd = true
    const oddly = CampaignGateway.of({
      ...gateway,
      list: (filter) =>
        gateway.list(filter).pipe(
          Stream.map((page) => {
            if (!odd || filter.passUnreadable === undefined) return page
            const campaigns = page.campaigns.filter(({ id }) => id !== unread)
            return { ...page, campaigns, unreadable: { ids: [unread], error } }
          })
        )
    })
    const halt = yield* runHalt(request).pipe(
      Effect.provideService(CampaignGateway, oddly),
      Effect.forkChild
    )
    yield* allThatCan
    yield* TestClock.adjust("10 seconds")
    expect(new Set(witness.stopped)).toEqual(new Set([read, unread]))
    yield* TestClock.adjust("5 minutes")
    expect(halt.pollUnsafe()).toBeUndefined()
    odd = false
    yield* TestClock.adjust("2 minutes")
    const report = yield* Fiber.join(halt)
    expect(haltSucceeded(report)).toBe(true)
    expect(report.warnings.join(" ")).toContain("could not be listed")
    expect(report.requests.stops).toBe(2)
  })
)
