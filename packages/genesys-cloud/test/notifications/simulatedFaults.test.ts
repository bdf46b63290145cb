import { CampaignId } from "@campaignctl/core"
import { assert, describe, it } from "@effect/vitest"
import type {
  ChannelFaultRequest,
  ControlClient,
  FaultRequest,
  UnknownFacts
} from "@campaignctl/genesys-simulator"
import { Effect, Random, References } from "effect"
import { TestClock } from "effect/testing"
import fc from "fast-check"
import { inject } from "vitest"
import { DEAD_AFTER_MS } from "../../src/notifications/limits.ts"
import { listen } from "../support/fakeChannels.ts"
import { simulator } from "../support/simulated.ts"
import { stepped } from "../support/steppedSimulator.ts"

const SEED = Number(process.env["CAMPAIGNCTL_TEST_SEED"] ?? Date.now() % 2 ** 31)
const HISTORIES = 12 * inject("scale")
/** Milliseconds in which whatever went wrong is over: two of the slowest pauses, and the attempts between. */
const BOUND_MS = 1_300_000
/** Milliseconds until a fault has shown: a silence is noticed, a warning was carried out. */
const SHOWN_MS = 2 * DEAD_AFTER_MS
const CHANNELS = "/api/v2/notifications/channels"

type Fault =
  | { readonly channel: ChannelFaultRequest }
  | { readonly request: FaultRequest; readonly channel: ChannelFaultRequest }

const onSocket: fc.Arbitrary<ChannelFaultRequest> = fc.oneof(
  fc.constantFrom<ChannelFaultRequest>(
    { kind: "silence" },
    { kind: "missEvent" },
    { kind: "duplicateEvent" },
    { kind: "swapEvent" },
    { kind: "announceClose" },
    { kind: "announceClose", seconds: 1 },
    { kind: "close" },
    { kind: "close", code: 1011 },
    { kind: "close", code: null },
    { kind: "expire" }
  ),
  fc
    .integer({ min: 1, max: 100 })
    .map((seconds): ChannelFaultRequest => ({ kind: "lateHeartbeat", seconds })),
  fc.record({
    kind: fc.constant("refuseUpgrade" as const),
    status: fc.constantFrom(401, 404, 429, 503),
    count: fc.integer({ min: 1, max: 3 })
  })
)
const onRequest: fc.Arbitrary<FaultRequest> = fc
  .record({
    route: fc.constantFrom(CHANNELS, `${CHANNELS}/:channelId/subscriptions`),
    count: fc.integer({ min: 1, max: 2 }),
    effect: fc.constantFrom(
      { kind: "rateLimited", retryAfter: "30" } as const,
      { kind: "status", code: "service.unavailable" } as const,
      { kind: "resetBefore" } as const,
      { kind: "resetAfter" } as const,
      { kind: "truncateBody" } as const
    )
  })
  .map(({ count, effect, route }) => ({ route, count, ...effect }))
const fault: fc.Arbitrary<Fault> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ channel: onSocket }) },
  {
    weight: 1,
    arbitrary: fc.record({
      request: onRequest,
      channel: fc.constantFrom<ChannelFaultRequest>({ kind: "close" }, { kind: "expire" })
    })
  }
)

const facts: fc.Arbitrary<Partial<UnknownFacts>> = fc.record({
  channelBelongsTo: fc.constantFrom("token", "client"),
  missingChannel: fc.constantFrom("notFound", "badRequest"),
  missingChannelSocket: fc.constantFrom("refused", "closed"),
  missingCampaignTopic: fc.constantFrom("accepted", "refused"),
  ignoreErrorsInvalidTopic: fc.constantFrom("refused", "listed"),
  secondSocket: fc.constantFrom("replaces", "refused")
})

/** A campaign that is gone, which must not take the others with it. */
const GONE = CampaignId.make("88888888-8888-4888-8888-888888888888")

const history = (seed: number, unknownFacts: Partial<UnknownFacts>, faults: ReadonlyArray<Fault>) =>
  Effect.gen(function* () {
    const { arrives, control, layer, pass } = yield* stepped
    const all = (yield* Effect.promise(() => control.state())).campaigns
    const ids = all.slice(0, 5).map(({ id }) => CampaignId.make(id))
    const [id = GONE] = ids
    yield* Effect.gen(function* () {
      const { covered, events, seen } = yield* listen
      yield* events.follow([GONE, ...ids])
      const whole = () => ids.every((each) => covered.has(each))
      let turns = 0
      /** Changes a campaign, and tells whether its change is seen. */
      const changed = Effect.gen(function* () {
        turns += 1
        const status = turns % 2 === 0 ? "off" : "complete"
        const { version } = yield* Effect.promise(() => control.changeCampaign(id, { status }))
        return { version, isSeen: () => seen(id).some((lock) => lock === String(version)) }
      })
      for (const { channel, ...more } of faults) {
        if ("request" in more) yield* Effect.promise(() => control.fault(more.request))
        yield* Effect.promise(() => control.channelFault(channel))
        yield* changed
        yield* pass(SHOWN_MS)
        yield* pass(BOUND_MS, 5_000, whole)
        const name = JSON.stringify({ channel, ...more })
        assert.isTrue(whole(), `after ${name} ${covered.size} of ${ids.length} are covered`)
        yield* Effect.promise(() => control.clearChannelFaults())
        yield* Effect.promise(() => control.clearFaults())
        // One that a fault held back comes after the next.
        yield* changed
        const { isSeen, version } = yield* changed
        assert.isTrue(yield* arrives(isSeen), `version ${version} is not seen after ${name}`)
        assert.strictEqual((yield* Effect.promise(() => control.campaign(id))).version, version)
      }
    }).pipe(Effect.scoped, Effect.provide(layer))
    assert.isTrue(yield* closed(control), "sockets are left behind")
  }).pipe(
    Effect.provide(simulator({ unknownFacts, seed })),
    Random.withSeed(seed),
    Effect.provide(TestClock.layer()),
    Effect.provideService(References.MinimumLogLevel, "None")
  )

/** Looks that are taken for the last socket to be closed at the other end too. */
const LOOKS = 50

const closed = (control: ControlClient): Effect.Effect<boolean> =>
  Effect.promise(async () => {
    for (let looks = 0; looks < LOOKS; looks++)
      if ((await control.channels()).every(({ connected }) => !connected)) return true
    return false
  })

describe("whatever goes wrong with the simulator's channels", () => {
  it(`every campaign is covered again in bounded time, and changes after that are seen (seed ${SEED})`, async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.nat(),
        facts,
        fc.array(fault, { minLength: 1, maxLength: 4 }),
        (seed, unknownFacts, faults) => Effect.runPromise(history(seed, unknownFacts, faults))
      ),
      { seed: SEED, numRuns: HISTORIES }
    )
  })
})
