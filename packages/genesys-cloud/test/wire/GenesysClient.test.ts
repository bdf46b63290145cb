import { CampaignGateway, CampaignId } from "@campaignctl/core"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber, Result, Stream } from "effect"
import { TestClock } from "effect/testing"
import { DEFAULT_REQUEST_TIMEOUT_MS } from "../../src/index.ts"
import { TransportFailure } from "../../src/wire/Transport.ts"
import {
  type Answerer,
  API,
  campaignBody,
  CLIENT_SECRET,
  FakeGenesys,
  json,
  silence
} from "../support/fakeGenesys.ts"

const ID = CampaignId.make("aaaaaaaa-aaaa-4aaa-8aaa-aaaaaaaaaaaa")
const get = CampaignGateway.use((gateway) => gateway.get(ID))
const pause = CampaignGateway.use((gateway) =>
  Effect.flatMap(gateway.get(ID), (campaign) =>
    gateway.apply(campaign, { target: "paused", pauseReason: "OTHER", drain: true, restart: false })
  )
)
const campaign: Answerer = () => json(200, campaignBody())
const unauthorised = json(401, {
  status: 401,
  code: "bad.credentials",
  message: "Invalid login credentials."
})

/** Answers in turn; the last answer stays. */
const inTurn = (...answers: ReadonlyArray<Answerer>): Answerer => {
  let next = 0
  return (request, signal) => {
    const answer = answers[Math.min(next, answers.length - 1)] ?? campaign
    next += 1
    return answer(request, signal)
  }
}

describe("a request", () => {
  it.effect("goes to the address with its prefix, and carries the token", () =>
    Effect.gen(function* () {
      const genesys = new FakeGenesys(campaign)
      yield* Effect.provide(get, genesys.layer())
      assert.strictEqual(genesys.requests[0]?.url, `${API}/api/v2/outbound/campaigns/${ID}`)
      assert.strictEqual(genesys.requests[0]?.headers["Authorization"], "Bearer canary-token-1")
    })
  )

  it.effect(
    "that is refused as unauthorised is sent once more under a new token, a write too",
    () =>
      Effect.gen(function* () {
        const genesys = new FakeGenesys(inTurn(campaign, () => unauthorised, campaign))
        const applied = yield* Effect.provide(pause, genesys.layer())
        assert.isTrue(applied.wrote)
        assert.deepStrictEqual(
          genesys.requests.map(({ headers, method }) => [method, headers["Authorization"]]),
          [
            ["GET", "Bearer canary-token-1"],
            ["PUT", "Bearer canary-token-1"],
            ["PUT", "Bearer canary-token-2"]
          ]
        )
        assert.strictEqual(genesys.requests[1]?.body, genesys.requests[2]?.body)
      })
  )

  it.effect("that stays unauthorised is NotAuthenticated, after two requests", () =>
    Effect.gen(function* () {
      const genesys = new FakeGenesys(() => unauthorised)
      const error = yield* Effect.flip(Effect.provide(get, genesys.layer()))
      assert.strictEqual(error._tag, "NotAuthenticated")
      assert.strictEqual(genesys.requests.length, 2)
      assert.strictEqual(genesys.tokens, 2)
    })
  )

  it.effect("that is not answered ends at its deadline and is aborted", () =>
    Effect.gen(function* () {
      let aborted = 0
      const genesys = new FakeGenesys(silence(() => (aborted += 1)))
      const asking = yield* Effect.forkChild(Effect.flip(Effect.provide(get, genesys.layer())))
      yield* arrived(genesys)
      yield* TestClock.adjust(DEFAULT_REQUEST_TIMEOUT_MS - 1)
      assert.strictEqual(aborted, 0)
      yield* TestClock.adjust(1)
      const error = yield* Fiber.join(asking)
      assert.strictEqual(error._tag === "GenesysUnavailable" && error.reason, "timeout")
      assert.strictEqual(aborted, 1)
    })
  )

  it.effect("that a library breaks tells nothing of what the library said", () =>
    Effect.gen(function* () {
      const genesys = new FakeGenesys(({ headers }) => {
        throw new Error(`Invalid header: ${headers["Authorization"]}`)
      })
      const error = yield* Effect.flip(Effect.provide(get, genesys.layer()))
      assert.strictEqual(error._tag === "GenesysUnavailable" && error.reason, "connection-lost")
      assert.notInclude(`${error.message}${JSON.stringify(error)}${error.stack}`, "canary")
    })
  )

  it.effect("is aborted when its caller is interrupted", () =>
    Effect.gen(function* () {
      let aborted = 0
      const genesys = new FakeGenesys(silence(() => (aborted += 1)))
      const asking = yield* Effect.forkChild(Effect.provide(get, genesys.layer()))
      yield* arrived(genesys)
      assert.strictEqual(genesys.requests.length, 1)
      yield* Fiber.interrupt(asking)
      assert.strictEqual(aborted, 1)
    })
  )

  it.effect("waits for the next window when the last reply said that the budget is spent", () =>
    Effect.gen(function* () {
      const genesys = new FakeGenesys(() =>
        json(200, campaignBody(), {
          "inin-ratelimit-count": "300",
          "inin-ratelimit-allowed": "300",
          "inin-ratelimit-reset": "20"
        })
      )
      const asking = yield* Effect.forkChild(
        Effect.provide(Effect.andThen(get, get), genesys.layer())
      )
      yield* arrived(genesys)
      yield* TestClock.adjust("19 seconds")
      assert.strictEqual(genesys.requests.length, 1)
      yield* TestClock.adjust("1 second")
      yield* Fiber.join(asking)
      assert.strictEqual(genesys.requests.length, 2)
    })
  )

  for (const { sent, target } of [
    { target: "active", sent: 1 },
    { target: "paused", sent: 2 }
  ] as const)
    it.effect(`to ${target} sends ${sent} of its requests while the budget is spent`, () =>
      Effect.gen(function* () {
        const genesys = new FakeGenesys(() =>
          json(200, campaignBody(), {
            "inin-ratelimit-count": "300",
            "inin-ratelimit-allowed": "300",
            "inin-ratelimit-reset": "20"
          })
        )
        const change = { target, drain: true, restart: false }
        const asking = yield* CampaignGateway.use((gateway) =>
          Effect.flatMap(gateway.get(ID), (seen) => gateway.apply(seen, change))
        ).pipe(Effect.provide(genesys.layer()), Effect.result, Effect.forkChild)
        yield* arrived(genesys)
        yield* TestClock.adjust("20 seconds")
        const result = yield* Fiber.join(asking)
        assert.strictEqual(genesys.requests.length, sent)
        // A start is not held until the window opens: the agents and the hour may be others then.
        if (target === "active")
          assert.deepInclude(Result.isFailure(result) ? result.failure : {}, {
            _tag: "RateLimited",
            retryAfterMs: 20_000
          })
      })
    )

  const first = { nth: 1, kind: "its first token" }
  const second = { nth: 2, kind: "a token instead of a refused one" }
  for (const { kind, nth, sent, target, tells } of [
    { ...first, target: "active", sent: 0, tells: "RateLimited" },
    { ...second, target: "active", sent: 1, tells: "RateLimited" },
    { ...first, target: "paused", sent: 1, tells: "done" },
    { ...second, target: "paused", sent: 2, tells: "done" }
  ] as const)
    it.effect(`to ${target} that waits for ${kind} sends ${sent} requests`, () =>
      Effect.gen(function* () {
        const seen = yield* Effect.provide(get, new FakeGenesys(campaign).layer())
        const genesys = new FakeGenesys(nth === 1 ? campaign : inTurn(() => unauthorised, campaign))
        const { promise: granted, resolve: grant } = Promise.withResolvers<void>()
        genesys.beforeToken = () => (genesys.tokens === nth ? granted : undefined)
        const changing = yield* CampaignGateway.use((gateway) =>
          gateway.apply(seen, { target, drain: true, restart: false })
        ).pipe(Effect.provide(genesys.layer()), Effect.result, Effect.forkChild)
        yield* until(() => genesys.tokens === nth)
        // What was decided is out of date by then.
        yield* TestClock.adjust("2 seconds")
        grant()
        const result = yield* Fiber.join(changing)
        assert.strictEqual(Result.isSuccess(result) ? "done" : result.failure._tag, tells)
        assert.strictEqual(genesys.requests.length, sent)
      })
    )

  it.effect("is never repeated by itself, whatever the error", () =>
    Effect.gen(function* () {
      for (const status of [400, 403, 404, 408, 409, 412, 429, 500, 503, 504]) {
        const genesys = new FakeGenesys(
          inTurn(campaign, () => json(status, { message: "no" }), campaign)
        )
        yield* Effect.flip(Effect.provide(pause, genesys.layer()))
        assert.strictEqual(genesys.requests.length, 2)
      }
    })
  )
})

describe("whatever a library throws", () => {
  const thrown: ReadonlyArray<readonly [string, Answerer]> = [
    [
      "an error with headers in it",
      () =>
        Promise.reject(
          Object.assign(new Error(`Bearer canary-token-1 ${CLIENT_SECRET}`), {
            config: { headers: { Authorization: "canary" } }
          })
        )
    ],
    [
      "a text",
      () => {
        throw "canary-token-1" as unknown as Error
      }
    ],
    ["nothing", () => Promise.reject(undefined)],
    [
      "a failure of the transport",
      () => Promise.reject(new TransportFailure("unreachable", "api.example (ENOTFOUND)"))
    ]
  ]
  for (const [name, answer] of thrown)
    it.effect(`${name} becomes GenesysUnavailable without a secret`, () =>
      Effect.gen(function* () {
        const error = yield* Effect.flip(Effect.provide(get, new FakeGenesys(answer).layer()))
        assert.strictEqual(error._tag, "GenesysUnavailable")
        assert.notInclude(`${error.message} ${JSON.stringify(error)} ${error.stack}`, "canary")
      })
    )
})

describe("a reply of success that is not as it should be", () => {
  const bodies: ReadonlyArray<readonly [string, string, string]> = [
    ["is not JSON", "<html>", "not JSON"],
    ["is empty", "", "the campaign's id"],
    ["is no object", "[]", "the campaign's id"],
    ["has no status", JSON.stringify({ ...campaignBody(), campaignStatus: 7 }), "campaignStatus"],
    ["has no version", JSON.stringify({ ...campaignBody(), version: null }), "version"]
  ]
  for (const [name, text, field] of bodies)
    it.effect(`${name}: GenesysUnavailable, malformed, with the field's name`, () =>
      Effect.gen(function* () {
        const genesys = new FakeGenesys(() => ({ status: 200, headers: {}, text }))
        const error = yield* Effect.flip(Effect.provide(get, genesys.layer()))
        assert.strictEqual(error._tag === "GenesysUnavailable" && error.reason, "malformed-reply")
        assert.include(error.message, field)
      })
    )

  it.effect("fails a list too, and names the campaign's field", () =>
    Effect.gen(function* () {
      const genesys = new FakeGenesys(() =>
        json(200, { entities: [campaignBody(), campaignBody({ version: "x" })] })
      )
      const list = CampaignGateway.use((gateway) => Stream.runDrain(gateway.list({})))
      const error = yield* Effect.flip(Effect.provide(list, genesys.layer()))
      assert.include(error.message, "version")
    })
  )

  it.effect("is passed over in a list for whoever asks for that, and told by its id", () =>
    Effect.gen(function* () {
      const id = "BBBBBBBB-0000-4000-8000-000000000002"
      const unread = [campaignBody({ id, campaignStatus: 7 }), { id: 7 }, null]
      const genesys = new FakeGenesys(() =>
        json(200, { entities: [campaignBody(), ...unread], pageCount: 1, total: 4 })
      )
      const list = CampaignGateway.use((gateway) =>
        Stream.runCollect(gateway.list({ passUnreadable: true }))
      )
      const [page] = yield* Effect.provide(list, genesys.layer())
      assert.deepStrictEqual([page?.campaigns.length, page?.total], [1, 4])
      assert.deepStrictEqual(page?.unreadable?.ids, [CampaignId.make(id.toLowerCase())])
      assert.include(page?.unreadable?.error.message, "campaignStatus")
    })
  )

  it.effect("keeps a status that nobody knows, and does without what is not needed", () =>
    Effect.gen(function* () {
      const odd = campaignBody({
        campaignStatus: "hibernating",
        queue: "none",
        division: { name: 1 },
        name: null,
        dialingMode: 3
      })
      const seen = yield* Effect.provide(get, new FakeGenesys(() => json(200, odd)).layer())
      assert.strictEqual(seen.status, "hibernating")
      assert.strictEqual(seen.name, ID)
      assert.isUndefined(seen.queue)
      assert.isUndefined(seen.division)
      assert.isUndefined(seen.dialingMode)
    })
  )
})

/** Waits for the first request, which loading the SDK comes before, and for what follows it at once. */
const arrived = (genesys: FakeGenesys) => until(() => genesys.requests.length > 0)

const until = (such: () => boolean) =>
  Effect.promise(async () => {
    while (!such()) await new Promise((resolve) => setImmediate(resolve))
    for (let turns = 0; turns < TURNS; turns++)
      await new Promise((resolve) => setImmediate(resolve))
  })
/** Turns of the event loop, many more than any chain of promises here is long. */
const TURNS = 20
