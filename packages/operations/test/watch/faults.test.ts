import { AuditLog, type CampaignId, type CampaignState, seenState } from "@campaignctl/core"
import { layer as genesysLayer } from "@campaignctl/genesys-cloud"
import {
  CAMPAIGN_STATUSES,
  type CampaignCommand,
  type ChannelFaultRequest,
  type ControlClient,
  ControlError,
  type FaultRequest,
  type UnknownFacts
} from "@campaignctl/genesys-simulator"
import { idsLive, layerSql } from "@campaignctl/ledger-sql"
import { assert, it } from "@effect/vitest"
import { Clock, Effect, Layer, Random, Redacted, References, Stream } from "effect"
import fc from "fast-check"
import { inject } from "vitest"
import { watchStoreSql } from "../../src/watch/sqlWatchStore.ts"
import { watch } from "../../src/watch/watch.ts"
import { WatchStore } from "../../src/watch/WatchStore.ts"
import { memorySql } from "../support/memoryPorts.ts"
import { testSeed } from "../support/random.ts"
import { scaledClock } from "../support/scaledClock.ts"
import { addCampaign, type Simulator, startSimulator } from "../support/simulator.ts"

/** How much faster than real time both processes live: ten minutes between two lists become three seconds. */
const TIMES = 200
const HISTORIES = 10 * inject("scale")
const CAMPAIGNS = 4
/** Milliseconds between two looks at what is kept. */
const LOOK_MS = 2_000
/** Looks after a list within which what it showed is judged, whatever else the machine does. */
const LOOKS_AFTER_LIST = 100
/** Looks within which a list is made and channels come back: more than two hours. */
const LOOKS_AT_MOST = 4_000

const CAMPAIGNS_ROUTE = "/api/v2/outbound/campaigns"
const CHANNELS_ROUTE = "/api/v2/notifications/channels"
const ROUTES = [
  CAMPAIGNS_ROUTE,
  `${CAMPAIGNS_ROUTE}/:id`,
  CHANNELS_ROUTE,
  `${CHANNELS_ROUTE}/:channelId/subscriptions`
]
/** What an operator presses may be refused as the campaign is; then nothing is changed. */
const CONFLICT = 409

type Step =
  | { readonly _tag: "Change"; readonly which: number; readonly command: CampaignCommand }
  | { readonly _tag: "Channel"; readonly fault: ChannelFaultRequest }
  | { readonly _tag: "Request"; readonly fault: FaultRequest }
  | { readonly _tag: "Wait"; readonly ms: number }

const command: fc.Arbitrary<CampaignCommand> = fc.oneof(
  fc.constantFrom<CampaignCommand>(
    { turn: "on" },
    { turn: "off" },
    { status: "on" },
    { status: "off" },
    { status: "stopping", outstandingCalls: 2, callSeconds: 40 }
  ),
  fc.constantFrom(...CAMPAIGN_STATUSES).map((status) => ({ status }))
)
const channelFault: fc.Arbitrary<ChannelFaultRequest> = fc.oneof(
  fc.record({
    kind: fc.constantFrom("missEvent" as const, "duplicateEvent" as const, "swapEvent" as const),
    count: fc.integer({ min: 1, max: 3 })
  }),
  fc.constantFrom<ChannelFaultRequest>(
    { kind: "silence" },
    { kind: "silence", heartbeats: true },
    { kind: "close" },
    { kind: "close", code: null },
    { kind: "announceClose" },
    { kind: "announceClose", seconds: 5 },
    { kind: "expire" }
  ),
  fc.integer({ min: 10, max: 100 }).map((seconds) => ({ kind: "lateHeartbeat" as const, seconds })),
  fc.record({
    kind: fc.constant("refuseUpgrade" as const),
    status: fc.constantFrom(401, 404, 429, 503),
    count: fc.integer({ min: 1, max: 3 })
  })
)
const requestFault: fc.Arbitrary<FaultRequest> = fc
  .record({
    route: fc.constantFrom(...ROUTES),
    count: fc.integer({ min: 1, max: 3 }),
    effect: fc.constantFrom(
      { kind: "rateLimited", retryAfter: "10" } as const,
      { kind: "status", code: "service.unavailable" } as const,
      { kind: "resetBefore" } as const,
      { kind: "resetAfter" } as const,
      { kind: "truncateBody" } as const,
      { kind: "malformedJson" } as const
    )
  })
  .map(({ count, effect, route }) => ({ route, count, ...effect }))
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      _tag: fc.constant("Change" as const),
      which: fc.nat({ max: CAMPAIGNS - 1 }),
      command
    })
  },
  {
    weight: 3,
    arbitrary: fc.record({ _tag: fc.constant("Channel" as const), fault: channelFault })
  },
  {
    weight: 1,
    arbitrary: fc.record({ _tag: fc.constant("Request" as const), fault: requestFault })
  },
  {
    weight: 2,
    arbitrary: fc.record({
      _tag: fc.constant("Wait" as const),
      ms: fc.constantFrom(500, 5_000, 35_000, 70_000)
    })
  }
)
const facts: fc.Arbitrary<Partial<UnknownFacts>> = fc.record({
  forcedStatusInEvents: fc.constantFrom("shown", "documented"),
  channelBelongsTo: fc.constantFrom("token", "client"),
  missingChannel: fc.constantFrom("notFound", "badRequest"),
  missingChannelSocket: fc.constantFrom("refused", "closed"),
  secondSocket: fc.constantFrom("replaces", "refused"),
  drainEndBumpsVersion: fc.boolean()
})
const sequence = fc.array(step, { minLength: 4, maxLength: 12, size: "max" })
const history = fc.record({
  seed: fc.nat(),
  facts,
  sequences: fc.array(sequence, { minLength: 2, maxLength: 3 })
})
type History = typeof history extends fc.Arbitrary<infer A> ? A : never

const ports = ({ ready }: Simulator) =>
  Layer.mergeAll(
    genesysLayer({
      contract: "platform",
      apiUrl: ready.apiUrl,
      loginUrl: ready.loginUrl,
      clientId: ready.clientId,
      clientSecret: Redacted.make(ready.clientSecret)
    }),
    watchStoreSql,
    layerSql("the database").pipe(Layer.provide(idsLive))
  ).pipe(Layer.provide(memorySql))

const orRefused = async (change: Promise<unknown>): Promise<void> => {
  try {
    await change
  } catch (error) {
    if (!(error instanceof ControlError && error.status === CONFLICT)) throw error
  }
}

const strike = (control: ControlClient, ids: ReadonlyArray<CampaignId>, one: Step) => {
  if (one._tag === "Wait") return Effect.sleep(one.ms)
  return Effect.promise(async () => {
    if (one._tag === "Channel") return void (await control.channelFault(one.fault))
    if (one._tag === "Request") return void (await control.fault(one.fault))
    return orRefused(control.changeCampaign(ids[one.which] ?? "", one.command))
  })
}

/** Status and version of each campaign. */
type Shown = ReadonlyMap<CampaignId, { readonly status: string; readonly version: string }>

const isSame = (one: Shown, other: Shown): boolean =>
  [...one].every(([id, { status, version }]) => {
    const its = other.get(id)
    return its?.status === status && its.version === version
  })

/** What was told is what was, in this order, though not all that was: some did not last. */
const checkStory = (
  told: ReadonlyArray<CampaignState>,
  was: ReadonlyArray<CampaignState>
): void => {
  let place = 0
  for (const state of told) {
    place = was.indexOf(state, place) + 1
    assert.isAbove(place, 0, `${told.join()} was told of ${was.join()}`)
  }
}

const play = ({ control }: Simulator, { facts, seed, sequences }: History) =>
  Effect.gen(function* () {
    const store = yield* WatchStore
    const ledger = yield* AuditLog
    const ids = yield* Effect.promise(async () => {
      await control.switches(facts)
      const added: Array<CampaignId> = []
      for (let index = 0; index < CAMPAIGNS; index++)
        added.push(
          await addCampaign(control, {
            name: `Disturbed ${seed} ${index}`,
            status: index % 2 === 0 ? "on" : "off"
          })
        )
      return added
    })
    const shown = Effect.promise(
      async (): Promise<Shown> =>
        new Map(
          await Promise.all(
            ids.map(async (id) => {
              const { status, version } = await control.campaign(id)
              return [id, { status, version: String(version) }] as const
            })
          )
        )
    )
    const kept = Effect.map(
      store.of(ids),
      (rows): Shown =>
        new Map(rows.map(({ campaignId, lock, status }) => [campaignId, { status, version: lock }]))
    )
    const entriesOf = (campaignId: CampaignId) => Stream.runCollect(ledger.query({ campaignId }))

    /** Waits until what is kept is what shows: for a list since the last change at most. */
    const settled = Effect.gen(function* () {
      let truth = yield* shown
      let since = yield* Clock.currentTimeMillis
      let afterList = 0
      for (let looks = 0; looks < LOOKS_AT_MOST && afterList < LOOKS_AFTER_LIST; looks++) {
        const now = yield* shown
        if (!isSame(now, truth)) {
          truth = now
          since = yield* Clock.currentTimeMillis
          afterList = 0
        }
        const listedAt = (yield* store.beat)?.listedAt ?? 0
        if (isSame(truth, yield* kept)) return truth
        if (listedAt >= since) afterList += 1
        yield* Effect.sleep(LOOK_MS)
      }
      assert.deepStrictEqual([...(yield* kept)], [...truth], "what is kept after a list")
      return truth
    })

    yield* watch
    const atFirst = yield* settled
    for (const steps of sequences) {
      for (const one of steps) yield* strike(control, ids, one)
      yield* Effect.promise(() => control.clearFaults())
      yield* Effect.promise(() => control.clearChannelFaults())
      for (const [id, { status }] of yield* settled) {
        const told = (yield* entriesOf(id)).at(-1)?.currentState
        assert.strictEqual(
          told ?? seenState(atFirst.get(id)?.status ?? ""),
          seenState(status),
          "what was told last"
        )
      }
    }
    // Whatever went wrong, every campaign is heard of again.
    const covered = Effect.map(store.beat, (beat) => beat?.covered ?? 0)
    for (let looks = 0; looks < LOOKS_AT_MOST && (yield* covered) < CAMPAIGNS; looks++)
      yield* Effect.sleep(LOOK_MS)
    assert.strictEqual(yield* covered, CAMPAIGNS, "campaigns that are heard of")

    const stories = yield* Effect.forEach(ids, entriesOf)
    for (const [index, id] of ids.entries()) {
      const writes = yield* Effect.promise(() => control.writes({ campaignId: id }))
      const was = writes.map(({ to }) => seenState(to))
      const told = (stories[index] ?? []).flatMap(({ currentState }) => currentState ?? [])
      // Under one version nothing tells which of two statuses is the newer one.
      if (facts.drainEndBumpsVersion !== false) checkStory(told, was)
      else assert.isEmpty(told.filter((state) => !was.includes(state)))
    }
    return stories.flat().length
  })

/** Both processes live so much faster, and each history has its own. */
const played = (one: History) =>
  Effect.gen(function* () {
    const simulator = yield* Effect.acquireRelease(
      Effect.promise(() => startSimulator("--campaigns", "0", "--speed", String(TIMES))),
      (running) => Effect.promise(() => running[Symbol.asyncDispose]())
    )
    const time = Layer.succeed(Clock.Clock, scaledClock(TIMES))
    return yield* play(simulator, one).pipe(
      Effect.scoped,
      Effect.provide(Layer.provideMerge(ports(simulator), time)),
      Random.withSeed(one.seed)
    )
  }).pipe(
    Effect.scoped,
    // Warnings are of faults that the test asks for.
    Effect.provideService(References.MinimumLogLevel, "Error")
  )

it("shows what is, after a list at most, and tells of every state that lasted, whatever goes wrong", async () => {
  const seed = testSeed()
  console.log(`watch over channels: seed ${seed}`)
  let told = 0
  await fc.assert(
    fc.asyncProperty(history, async (one) => {
      told += await Effect.runPromise(played(one))
    }),
    // A history takes seconds, and time is part of it: a smaller one of the same kind says little.
    { numRuns: HISTORIES, seed, endOnFailure: true }
  )
  console.log(`watch over channels: ${HISTORIES} histories, ${told} changes told`)
  assert.isAbove(told, HISTORIES)
})
