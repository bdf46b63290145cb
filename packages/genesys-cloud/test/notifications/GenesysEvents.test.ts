import { CampaignEvents, type CampaignNews, RequestBudget } from "@campaignctl/core"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Latch, Logger, References, type Scope, Stream } from "effect"
import { CHANNELS, NEWS_WAITING, TOPICS_PER_CHANNEL } from "../../src/notifications/limits.ts"
import { SocketRefused } from "../../src/notifications/Socket.ts"
import {
  campaign,
  campaigns,
  closing,
  FakeChannels,
  listen,
  pass,
  settled
} from "../support/fakeChannels.ts"
import { json } from "../support/fakeGenesys.ts"

const [A, B] = [campaign(1), campaign(2)]
const HOUR_MS = 3_600_000

type Run = (
  genesys: FakeChannels,
  logged: ReadonlyArray<string>
) => Effect.Effect<void, unknown, CampaignEvents | Scope.Scope>

/** A test over channels of its own, with every line that is logged. */
const over = (name: string, run: Run): void =>
  it.effect(name, () => {
    const genesys = new FakeChannels()
    const logged: Array<string> = []
    const logger = Logger.make(({ logLevel, message }) => {
      logged.push(`${logLevel} ${JSON.stringify(message)}`)
    })
    return run(genesys, logged).pipe(
      Effect.scoped,
      Effect.provide(genesys.layer),
      Effect.provide(Logger.layer([logger])),
      Effect.provideService(References.MinimumLogLevel, "All")
    )
  })

const warnings = (logged: ReadonlyArray<string>) => logged.filter((line) => line.startsWith("Warn"))

describe("events over notification channels", () => {
  over("are neither asked for nor connected to before somebody follows and reads", (genesys) =>
    Effect.gen(function* () {
      const { requests } = genesys.genesys
      yield* Effect.gen(function* () {
        const { covered, events } = yield* listen
        yield* settled
        assert.strictEqual(requests.length, 0)
        yield* events.follow([A])
        yield* settled
        assert.deepStrictEqual([...covered], [A])
        assert.strictEqual(genesys.connected.length, 1)
        yield* events.follow([])
        yield* settled
        assert.strictEqual(genesys.connected.length, 0)
        yield* events.follow([A])
        yield* settled
        assert.strictEqual(genesys.connected.length, 1)
      }).pipe(Effect.scoped)
      assert.strictEqual(genesys.connected.length, 0)
      // The channel was kept while it was not needed.
      assert.strictEqual(genesys.channels.size, 1)
      assert.strictEqual(requests.length, 3)
    })
  )

  over("of 3,000 campaigns come over three channels, and a change touches one of them", (genesys) =>
    Effect.gen(function* () {
      const { covered, events } = yield* listen
      yield* events.follow(campaigns(3_000))
      yield* pass(1_000)
      assert.strictEqual(covered.size, 3_000)
      assert.deepStrictEqual(
        genesys.connected.map(({ topics }) => topics.size),
        [1_000, 1_000, 1_000]
      )
      const before = genesys.genesys.requests.length
      yield* events.follow(campaigns(2_999))
      yield* settled
      assert.strictEqual(genesys.genesys.requests.length - before, 1)
    })
  )

  over("cost no requests for twelve hours in which nothing goes wrong", (genesys) =>
    Effect.gen(function* () {
      const { events, tags } = yield* listen
      yield* events.follow(campaigns(3_000))
      yield* pass(1_000)
      const before = genesys.genesys.requests.length
      assert.strictEqual(before, 6)
      yield* pass(12 * HOUR_MS, HOUR_MS / 4)
      assert.strictEqual(genesys.genesys.requests.length, before)
      assert.deepStrictEqual(tags(), ["Covered", "Covered", "Covered"])
    })
  )

  over("leave uncovered what does not fit, and say so once", (genesys, logged) =>
    Effect.gen(function* () {
      const room = CHANNELS * TOPICS_PER_CHANNEL
      const { covered, events } = yield* listen
      for (let times = 0; times < 2; times++) {
        yield* events.follow(campaigns(room + 2))
        yield* pass(1_000)
      }
      assert.strictEqual(covered.size, room)
      assert.strictEqual(genesys.connected.length, CHANNELS)
      assert.strictEqual(warnings(logged).length, 1)
      assert.include(logged.join(), "no room for 2 campaigns")
    })
  )

  over("leave a connection that dies in silence within a minute, and come back", (genesys) =>
    Effect.gen(function* () {
      const { events, seen, tags } = yield* listen
      yield* events.follow([A, B])
      yield* settled
      genesys.deafen("all")
      yield* pass(60_000)
      assert.deepStrictEqual(tags().slice(0, 2), ["Covered", "Lost"])
      yield* pass(10_000)
      assert.deepStrictEqual(tags(), ["Covered", "Lost", "Covered"])
      const lock = genesys.change(B)
      yield* settled
      assert.deepStrictEqual(seen(B), [lock])
      // The same channel: nothing had happened to it.
      assert.strictEqual(genesys.channels.size, 1)
    })
  )

  over("ping a connection whose heartbeat is late, and stay", (genesys) =>
    Effect.gen(function* () {
      const { events, tags } = yield* listen
      yield* events.follow([A])
      yield* settled
      const [channel] = genesys.connected
      genesys.heartbeats = false
      yield* pass(10 * 60_000)
      assert.isAbove(channel?.socket?.pings ?? 0, 5)
      assert.deepStrictEqual(tags(), ["Covered"])
    })
  )

  over("move before a warned connection is closed, so that nothing is lost between", (genesys) =>
    Effect.gen(function* () {
      const { events, seen, tags } = yield* listen
      yield* events.follow([A])
      yield* pass(2 * 60_000)
      const [old] = genesys.connected
      genesys.tellAll(closing)
      const before = genesys.change(A)
      yield* pass(10_000)
      assert.strictEqual(old?.socket, undefined)
      const after = genesys.change(A)
      yield* settled
      assert.deepStrictEqual(seen(A), [before, after])
      assert.deepStrictEqual(tags(), ["Covered", "Seen", "Covered", "Seen"])
      assert.strictEqual(genesys.opened, 2)
    })
  )

  over("stay with a warned connection for as long as no other can be had", (genesys) =>
    Effect.gen(function* () {
      const { events, seen, tags } = yield* listen
      yield* events.follow([A])
      yield* settled
      genesys.refusals.push(new SocketRefused({ why: "busy", status: 503, retryAfterMs: 30_000 }))
      genesys.tellAll(closing)
      yield* pass(20_000)
      const lock = genesys.change(A)
      yield* pass(30_000)
      assert.deepStrictEqual(seen(A), [lock])
      assert.deepStrictEqual(tags(), ["Covered", "Seen", "Covered"])
    })
  )

  over(
    "move to a new channel before a day is over, even from a connection that is deaf",
    (genesys) =>
      Effect.gen(function* () {
        const { covered, events, seen, tags } = yield* listen
        yield* events.follow([A])
        yield* settled
        genesys.deafen("events")
        yield* pass(21 * HOUR_MS, 30_000)
        assert.deepStrictEqual(tags(), ["Covered", "Covered"])
        assert.strictEqual(genesys.channels.size, 2)
        const lock = genesys.change(A)
        yield* settled
        assert.deepStrictEqual(seen(A), [lock])
        assert.isTrue(covered.has(A))
      })
  )

  over("leave uncovered what Genesys rejects, and name it once", (genesys, logged) =>
    Effect.gen(function* () {
      genesys.invisible.add(B)
      const { covered, events } = yield* listen
      yield* events.follow([A, B])
      yield* settled
      genesys.close()
      yield* pass(10_000)
      assert.deepStrictEqual([...covered], [A])
      assert.deepStrictEqual(warnings(logged).length, 1)
      assert.include(warnings(logged)[0], B)
    })
  )

  over("are not kept from all by one campaign that is gone", (genesys) =>
    Effect.gen(function* () {
      for (const number of [0, 77, 499]) genesys.invalid.add(campaign(number))
      const { covered, events } = yield* listen
      yield* events.follow(campaigns(500))
      yield* pass(1_000)
      assert.strictEqual(covered.size, 497)
      // Halves of 500, three times over.
      assert.isBelow(genesys.genesys.requests.length, 60)
    })
  )

  over("say Lost of a campaign that may not be seen any more", (genesys) =>
    Effect.gen(function* () {
      const { covered, events, heard } = yield* listen
      yield* events.follow([A, B])
      yield* settled
      genesys.invisible.add(B)
      yield* events.follow([A, B, campaign(3)])
      yield* settled
      assert.deepStrictEqual([...covered], [A, campaign(3)])
      assert.deepStrictEqual(
        heard.flatMap((news) => (news._tag === "Lost" ? news.ids : [])),
        [B]
      )
    })
  )

  over(
    "keep what is heard while others cannot be subscribed to, and try again with pauses",
    (genesys) =>
      Effect.gen(function* () {
        const { requests } = genesys.genesys
        const { covered, events, seen, tags } = yield* listen
        yield* events.follow([A])
        yield* settled
        const before = requests.length
        for (let times = 0; times < 4; times++) genesys.failures.push(json(503, { code: "away" }))
        yield* events.follow([A, B])
        yield* settled
        assert.strictEqual(requests.length - before, 1)
        const lock = genesys.change(A)
        yield* settled
        assert.deepStrictEqual(seen(A), [lock])
        yield* pass(60_000, 1_000)
        assert.strictEqual(requests.length - before, 5)
        assert.isTrue(covered.has(B))
        assert.deepStrictEqual(tags(), ["Covered", "Seen", "Covered"])
      })
  )

  over(
    "cover anew what was left and is followed again, and are silent of it in between",
    (genesys) =>
      Effect.gen(function* () {
        const { events, heard, seen } = yield* listen
        yield* events.follow([A, B])
        yield* settled
        yield* events.follow([A])
        // Genesys has not heard of that yet.
        genesys.change(B)
        yield* events.follow([A, B])
        yield* settled
        yield* events.follow([A])
        genesys.change(B)
        yield* settled
        assert.isAtMost(seen(B).length, 1)
        assert.deepStrictEqual(
          heard.flatMap((news) => (news._tag === "Seen" ? [] : [[news._tag, ...news.ids]])),
          [
            ["Covered", A, B],
            ["Covered", B]
          ]
        )
      })
  )

  over("wait as long as Genesys asks, and never less", (genesys) =>
    Effect.gen(function* () {
      genesys.failures.push(json(429, { code: "too.many.requests" }, { "retry-after": "45" }))
      const { covered, events } = yield* listen
      yield* events.follow([A])
      yield* pass(44_000, 1_000)
      assert.strictEqual(genesys.genesys.requests.length, 1)
      yield* pass(3_000, 1_000)
      assert.isTrue(covered.has(A))
    })
  )

  over(
    "are asked for again seldom where the login fails, and that is told once",
    (genesys, logged) =>
      Effect.gen(function* () {
        for (let times = 0; times < 40; times++) genesys.failures.push(json(401, { code: "no" }))
        const { covered, events } = yield* listen
        yield* events.follow([A])
        yield* pass(HOUR_MS, 60_000)
        // Each attempt is made of two requests, the second under a new token.
        assert.isAtMost(genesys.genesys.requests.length, 2 * 13)
        assert.strictEqual(warnings(logged).length, 1)
        genesys.failures.length = 0
        yield* pass(11 * 60_000, 60_000)
        assert.isTrue(covered.has(A))
        assert.include(logged.at(-1), "heard again")
      })
  )

  over("tell no log, even of the finest, what opens a channel", (genesys, logged) =>
    Effect.gen(function* () {
      const { events } = yield* listen
      yield* events.follow([A])
      yield* settled
      genesys.tellAll("not JSON")
      const [channel] = genesys.connected
      genesys.expire()
      yield* pass(60_000)
      genesys.refusals.push(new SocketRefused({ why: "the server answered 503", status: 503 }))
      genesys.close()
      yield* pass(60_000)
      assert.isAbove(logged.length, 2)
      assert.isDefined(channel)
      assert.notInclude(logged.join(), channel?.id ?? "")
      assert.notInclude(logged.join(), "streaming.example")
    })
  )

  over("begin anew for a reader that was too slow for what it was told", (genesys) =>
    Effect.gen(function* () {
      const events = yield* CampaignEvents
      const goOn = Latch.makeUnsafe()
      const heard: Array<CampaignNews> = []
      yield* events.news.pipe(
        Stream.runForEach((news) =>
          Effect.andThen(
            Effect.sync(() => void heard.push(news)),
            goOn.await
          )
        ),
        Effect.forkScoped({ startImmediately: true })
      )
      yield* events.follow([A])
      yield* settled
      for (let number = 0; number <= NEWS_WAITING; number++) genesys.change(A)
      const lock = genesys.change(A)
      for (let turns = 0; turns < 100; turns++) yield* settled
      yield* goOn.open
      for (let turns = 0; turns < 100; turns++) yield* settled
      assert.deepStrictEqual(
        heard.slice(0, 3).map(({ _tag }) => _tag),
        ["Covered", "Lost", "Covered"]
      )
      const last = heard.at(-1)
      assert.strictEqual(last?._tag === "Seen" ? last.campaign.lock : "", lock)
    })
  )
})

describe("the requests for notifications", () => {
  it.effect("are of the class guard", () =>
    Effect.gen(function* () {
      const genesys = new FakeChannels()
      const classes = new Set<string>()
      const spy = RequestBudget.of({
        around: (admission, request) => {
          classes.add(admission.class)
          return request
        },
        ahead: (_, work) => work,
        seen: Effect.succeed(undefined)
      })
      yield* Effect.gen(function* () {
        const { covered, events } = yield* listen
        yield* events.follow([A])
        yield* settled
        assert.isTrue(covered.has(A))
      }).pipe(
        Effect.scoped,
        Effect.provide(genesys.layer),
        Effect.provideService(RequestBudget, spy)
      )
      assert.deepStrictEqual([...classes], ["guard"])
    })
  )
})
