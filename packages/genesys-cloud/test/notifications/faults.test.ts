import type { CampaignId } from "@campaignctl/core"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Random, References } from "effect"
import { TestClock } from "effect/testing"
import fc from "fast-check"
import { inject } from "vitest"
import { DEAD_AFTER_MS } from "../../src/notifications/limits.ts"
import { SocketRefused } from "../../src/notifications/Socket.ts"
import { campaigns, closing, FakeChannels, frameOf, listen, pass } from "../support/fakeChannels.ts"
import { json } from "../support/fakeGenesys.ts"

const SEED = Number(process.env["CAMPAIGNCTL_TEST_SEED"] ?? Date.now() % 2 ** 31)
const HISTORIES = 40 * inject("scale")
/** Two channels' worth. */
const ALL = campaigns(1_003)
/** Milliseconds between the server's warning and the end of the connection. */
const WARNED_MS = 60_000
/** Milliseconds in which whatever went wrong is over: two of the slowest pauses, and the attempts between. */
const BOUND_MS = 1_300_000

const refusal = (status: number, code: string, headers: Readonly<Record<string, string>> = {}) =>
  json(status, { status, code, message: `As the test wants: ${code}.` }, headers)
const REFUSALS = [
  refusal(503, "service.unavailable"),
  refusal(429, "too.many.requests", { "retry-after": "90" }),
  refusal(401, "bad.credentials"),
  refusal(403, "missing.permissions"),
  refusal(404, "not.found"),
  refusal(400, "notification.unable.to.get.channel.id"),
  { status: 200, headers: {}, text: "{" },
  { status: 502, headers: {}, text: "<html>" }
]
const UPGRADES = [
  new SocketRefused({ why: "the server answered 503", status: 503, retryAfterMs: 40_000 }),
  new SocketRefused({ why: "the server answered 409", status: 409 }),
  new SocketRefused({ why: "the connection failed (ECONNREFUSED)" })
]

/** What goes wrong, and how long it takes to do so. */
type Fault = (genesys: FakeChannels) => Effect.Effect<void>
const at =
  (strike: (genesys: FakeChannels) => void): Fault =>
  (genesys) =>
    Effect.sync(() => strike(genesys))

const fault: fc.Arbitrary<readonly [string, Fault]> = fc.oneof(
  fc.constant([
    "silent drop",
    (genesys: FakeChannels) =>
      Effect.andThen(
        Effect.sync(() => genesys.deafen("all")),
        pass(DEAD_AFTER_MS)
      )
  ] as const),
  fc.constant(["close", at((genesys) => genesys.close())] as const),
  fc.constant(["expiry", at((genesys) => genesys.expire())] as const),
  fc.constant([
    "warning",
    (genesys: FakeChannels) =>
      Effect.gen(function* () {
        const old = genesys.connected
        genesys.tellAll(closing)
        yield* pass(WARNED_MS)
        genesys.close(old)
      })
  ] as const),
  fc.array(fc.constantFrom(...UPGRADES), { minLength: 1, maxLength: 3 }).map(
    (refusals) =>
      [
        "refused upgrades",
        at((genesys) => {
          genesys.refusals.push(...refusals)
          genesys.close()
        })
      ] as const
  ),
  fc.array(fc.constantFrom(...REFUSALS), { minLength: 1, maxLength: 3 }).chain((replies) =>
    fc.boolean().map(
      (closes) =>
        [
          `refused requests ${replies.map(({ status }) => status).join(" ")}`,
          at((genesys) => {
            genesys.failures.push(...replies)
            if (closes) genesys.close()
            else genesys.expire()
          })
        ] as const
    )
  ),
  fc
    .string({ unit: "binary" })
    .map(
      (text) => [`frame ${JSON.stringify(text)}`, at((genesys) => genesys.tellAll(text))] as const
    ),
  fc.jsonValue().map(
    (body) =>
      [
        `event ${JSON.stringify(body)}`,
        at((genesys) => {
          for (const id of ALL.slice(0, 3))
            genesys.tell(id, frameOf(id, { version: body, campaignStatus: body }))
        })
      ] as const
  )
)

interface Step {
  readonly fault: readonly [string, Fault]
  /** From which to which are followed from then on. */
  readonly following: readonly [number, number]
  readonly changed: number
}
const step: fc.Arbitrary<Step> = fc.record({
  fault,
  following: fc.tuple(fc.integer({ min: 0, max: 1 }), fc.constantFrom(2, 3, 1_000, 1_003)),
  changed: fc.nat()
})

const history = (seed: number, steps: ReadonlyArray<Step>) =>
  Effect.gen(function* () {
    const genesys = new FakeChannels()
    yield* Effect.gen(function* () {
      const { covered, events, heard, seen } = yield* listen
      for (const {
        changed,
        fault: [name, strike],
        following
      } of steps) {
        const ids = ALL.slice(...following)
        yield* events.follow(ids)
        yield* strike(genesys)
        yield* pass(BOUND_MS, 5_000, () => same(covered, ids) && genesys.connected.length > 0)
        assert.isTrue(
          same(covered, ids),
          `after ${name} ${covered.size} of ${ids.length} are covered`
        )
        const needed = Math.ceil(ids.length / 1_000)
        yield* pass(BOUND_MS, 5_000, () => genesys.connected.length <= needed + 1)
        const id = ids[changed % ids.length]
        if (id === undefined) throw new Error("There is one.")
        const lock = genesys.change(id)
        yield* pass(1)
        assert.include(seen(id), lock, `a change after ${name}`)
      }
      const known = new Set(ALL)
      for (const news of heard) if (news._tag === "Seen") assert.isTrue(known.has(news.campaign.id))
    }).pipe(Effect.scoped, Effect.provide(genesys.layer))
    assert.strictEqual(genesys.connected.length, 0, "sockets left behind")
  }).pipe(
    Random.withSeed(seed),
    Effect.provide(TestClock.layer()),
    Effect.provideService(References.MinimumLogLevel, "None")
  )

const same = (covered: ReadonlySet<CampaignId>, ids: ReadonlyArray<CampaignId>): boolean =>
  ids.every((id) => covered.has(id))

describe("whatever goes wrong with the channels", () => {
  it(`every followed campaign is covered again in bounded time, and its changes are seen (seed ${SEED})`, async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(), fc.array(step, { minLength: 1, maxLength: 6 }), (seed, steps) =>
        Effect.runPromise(history(seed, steps))
      ),
      { seed: SEED, numRuns: HISTORIES }
    )
  })
})
