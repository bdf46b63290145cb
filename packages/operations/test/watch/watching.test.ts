import {
  alsoReportingTo,
  AuditLog,
  CampaignEvents,
  CampaignGateway,
  CampaignId,
  type CampaignNews,
  GenesysUnavailable,
  LockToken,
  PermissionMissing,
  type ProgressEvent
} from "@campaignctl/core"
import {
  auditDraft,
  GatewayWorld,
  memoryCampaignEvents,
  MemoryEvents,
  MemoryLedger
} from "@campaignctl/core/testing"
import { assert, it } from "@effect/vitest"
import { Clock, Effect, Layer, Logger, Stream } from "effect"
import { SqlClient } from "effect/sql"
import { TestClock } from "effect/testing"
import { watchStoreSql } from "../../src/watch/sqlWatchStore.ts"
import { watch } from "../../src/watch/watch.ts"
import { WatchStore } from "../../src/watch/WatchStore.ts"
import { memoryPorts, memorySql } from "../support/memoryPorts.ts"

const ports = watchStoreSql.pipe(
  Layer.provideMerge(memorySql),
  Layer.provideMerge(Layer.mergeAll(memoryPorts, memoryCampaignEvents)),
  Layer.provideMerge(TestClock.layer())
)

/** Lines of the log, of warnings and above, are counted. */
const counting = () => {
  const lines: Array<string> = []
  const logger = Logger.make(({ logLevel, message }) => {
    if (logLevel === "Warn" || logLevel === "Error") lines.push(String(message))
  })
  return { lines, layer: Logger.layer([logger]) }
}

/** Two campaigns, the first of which dials, that are watched and heard of. */
const watched = Effect.gen(function* () {
  const world = yield* GatewayWorld
  const first = yield* world.addCampaign({ name: "First", state: "active" })
  const second = yield* world.addCampaign({ name: "Second", state: "paused" })
  const overview = yield* watch
  yield* TestClock.adjust(5_000)
  const now = Effect.map(Clock.currentTimeMillis, overview.campaigns)
  assert.strictEqual((yield* now)?.length, 2)
  const gateway = yield* CampaignGateway
  const events = yield* MemoryEvents
  const told = (id: CampaignId) =>
    Effect.flatMap(gateway.get(id), ({ lock, name, status }) =>
      events.tell({ id, lock, name, status })
    )
  return { world, first, second, overview, now, events, told }
})

const hour = TestClock.adjust("1 hour")

it.effect("asks Genesys for six lists an hour while all are heard of", () =>
  Effect.gen(function* () {
    const { world } = yield* watched
    const before = yield* world.requests
    yield* hour
    assert.strictEqual((yield* world.requests) - before, 6)
  }).pipe(Effect.scoped, Effect.provide(ports))
)

it.effect("reports of how many it hears, and of none when its turn ends", () => {
  const seen: Array<readonly [heard: number, listed: number]> = []
  const listener = {
    report: (event: ProgressEvent) =>
      Effect.sync(() => {
        if (event._tag === "WatchSeen") seen.push([event.heard, event.listed])
      })
  }
  return Effect.gen(function* () {
    yield* Effect.gen(function* () {
      const { events, first } = yield* watched
      yield* TestClock.adjust("5 seconds")
      assert.deepStrictEqual(seen.at(-1), [2, 0])
      yield* events.emit({ _tag: "Lost", ids: [first], why: "the test broke it" })
      yield* TestClock.adjust("5 seconds")
      assert.deepStrictEqual(seen.at(-1), [1, 1])
    }).pipe(Effect.scoped)
    assert.deepStrictEqual(seen.at(-1), [0, 0])
  }).pipe(alsoReportingTo(listener), Effect.provide(ports))
})

/** More than may wait in a watch that stands still. */
const MUCH_NEWS = 5_000

it.effect("leaves what it cannot take in to whoever tells it, who bounds what waits", () =>
  Effect.gen(function* () {
    let told = 0
    const telling = CampaignEvents.of({
      ...(yield* CampaignEvents),
      news: Stream.fromEffectRepeat(
        Effect.sync((): CampaignNews => {
          told += 1
          return { _tag: "Lost", ids: [], why: "the test says so" }
        })
      ).pipe(Stream.take(MUCH_NEWS))
    })
    const stuck = WatchStore.of({ ...(yield* WatchStore), saveBeat: () => Effect.never })
    yield* watch.pipe(
      Effect.provideService(CampaignEvents, telling),
      Effect.provideService(WatchStore, stuck)
    )
    let before = -1
    while (told > before && told < MUCH_NEWS) {
      before = told
      yield* TestClock.adjust("1 minute")
    }
    assert.isAbove(told, 1_000)
    assert.isBelow(told, MUCH_NEWS)
  }).pipe(Effect.scoped, Effect.provide(ports))
)

it.effect("looks for the first campaign every minute where there is none", () =>
  Effect.gen(function* () {
    const world = yield* GatewayWorld
    const overview = yield* watch
    yield* TestClock.adjust(5_000)
    assert.isUndefined(overview.campaigns(yield* Clock.currentTimeMillis))
    yield* hour
    assert.strictEqual(yield* world.requests, 61)
    yield* world.addCampaign({ name: "The first" })
    yield* TestClock.adjust("61 seconds")
    assert.strictEqual(overview.campaigns(yield* Clock.currentTimeMillis)?.length, 1)
  }).pipe(Effect.scoped, Effect.provide(ports))
)

it.effect("survives an hour without the ledger with one warning, and then tells", () => {
  const { layer, lines } = counting()
  return Effect.gen(function* () {
    const { first, told, world } = yield* watched
    const ledger = yield* MemoryLedger
    yield* ledger.breakWith("the test broke it")
    yield* world.setState(first, "paused")
    yield* told(first)
    const before = yield* world.requests
    yield* hour
    assert.strictEqual(lines.length, 1, lines.join("\n"))
    assert.isAtMost((yield* world.requests) - before, 6)
    yield* ledger.breakWith(undefined)
    yield* TestClock.adjust("30 seconds")
    const kinds = (yield* ledger.entries).map(({ campaignId, kind }) => [campaignId, kind])
    assert.deepStrictEqual(kinds, [[first, "drift"]])
  }).pipe(Effect.scoped, Effect.provide(Layer.merge(ports, layer)))
})

it.effect(
  "survives an hour without the database with few warnings, and then keeps what shows",
  () => {
    const { layer, lines } = counting()
    return Effect.gen(function* () {
      const { first, told, world } = yield* watched
      const sql = yield* SqlClient.SqlClient
      yield* sql`ALTER TABLE watch_campaigns RENAME TO elsewhere`
      yield* world.setState(first, "completed")
      yield* told(first)
      const before = yield* world.requests
      yield* hour
      assert.isAtMost(lines.length, 2, lines.join("\n"))
      assert.isAtMost((yield* world.requests) - before, 6)
      yield* sql`ALTER TABLE elsewhere RENAME TO watch_campaigns`
      yield* TestClock.adjust("30 seconds")
      const store = yield* WatchStore
      assert.deepStrictEqual(
        (yield* store.of([first])).map(({ covered, status }) => [status, covered]),
        [["complete", true]]
      )
    }).pipe(Effect.scoped, Effect.provide(Layer.merge(ports, layer)))
  }
)

it.effect(
  "survives an hour in which no campaign can be read, with few requests, and then tells",
  () => {
    const { layer, lines } = counting()
    return Effect.gen(function* () {
      const gateway = yield* CampaignGateway
      let reads = 0
      let isDown = false
      const failing = CampaignGateway.of({
        ...gateway,
        get: (id) =>
          isDown
            ? Effect.suspend(() => {
                reads += 1
                return new GenesysUnavailable({
                  reason: "server-error",
                  detail: "down",
                  status: 503
                })
              })
            : gateway.get(id)
      })
      const { first, told, world } = yield* Effect.provideService(watched, CampaignGateway, failing)
      yield* world.setState(first, "paused")
      yield* told(first)
      isDown = true
      yield* hour
      assert.isBelow(reads, 130)
      assert.strictEqual(lines.length, 1, lines.join("\n"))
      isDown = false
      yield* TestClock.adjust("30 seconds")
      const { entries } = yield* MemoryLedger
      assert.strictEqual((yield* entries).filter(({ kind }) => kind === "drift").length, 1)
    }).pipe(Effect.scoped, Effect.provide(Layer.merge(ports, layer)))
  }
)

it.effect("lists after growing pauses while lists fail, and says so once", () => {
  const { layer, lines } = counting()
  return Effect.gen(function* () {
    const gateway = yield* CampaignGateway
    let lists = 0
    const failing = CampaignGateway.of({
      ...gateway,
      list: () => {
        lists += 1
        return Stream.fail(
          new PermissionMissing({ permission: "outbound:campaign:view", detail: "the test" })
        )
      }
    })
    yield* Effect.provideService(watch, CampaignGateway, failing)
    yield* TestClock.adjust(0)
    assert.strictEqual(lists, 1)
    // After 10, 20, 40 and 60 s, and once every minute from then on.
    yield* TestClock.adjust("130 seconds")
    assert.strictEqual(lists, 5)
    yield* hour
    assert.strictEqual(lists, 65)
    assert.strictEqual(lines.length, 1, lines.join("\n"))
  }).pipe(Effect.scoped, Effect.provide(Layer.merge(ports, layer)))
})

it.effect.each(["on", "off"])(
  "blames nobody for what a read shows that is older than what was heard: %s",
  (before) =>
    Effect.gen(function* () {
      const gateway = yield* CampaignGateway
      const world = yield* GatewayWorld
      let stale = true
      let reads = 0
      const lagging = CampaignGateway.of({
        ...gateway,
        get: (id) =>
          Effect.map(gateway.get(id), (campaign) => {
            reads += 1
            return stale ? { ...campaign, lock: LockToken.make("0"), status: before } : campaign
          })
      })
      const id = yield* world.addCampaign({ name: "Read late", state: "active" })
      yield* Effect.provideService(watch, CampaignGateway, lagging)
      yield* TestClock.adjust(5_000)
      yield* world.setState(id, "paused")
      const { lock, name, status } = yield* gateway.get(id)
      const events = yield* MemoryEvents
      yield* events.tell({ id, lock, name, status })
      yield* TestClock.adjust("1 minute")
      const { entries } = yield* MemoryLedger
      assert.deepStrictEqual(yield* entries, [])
      assert.isBelow(reads, 10)
      stale = false
      yield* TestClock.adjust("30 seconds")
      const told = yield* entries
      assert.deepStrictEqual(
        told.map(({ currentState, kind, lockBefore, previousState }) => [
          kind,
          previousState,
          currentState,
          lockBefore
        ]),
        [["drift", "active", "paused", lock]]
      )
    }).pipe(Effect.scoped, Effect.provide(ports))
)

it.effect(
  "blames nobody for what was taken back before it was read, whatever the locks look like",
  () =>
    Effect.gen(function* () {
      const gateway = yield* CampaignGateway
      const world = yield* GatewayWorld
      const id = yield* world.addCampaign({ name: "Taken back", state: "active" })
      const tagged = CampaignGateway.of({
        ...gateway,
        get: (one) =>
          Effect.map(gateway.get(one), (campaign) => ({
            ...campaign,
            status: "on",
            lock: LockToken.make("W/later")
          }))
      })
      yield* Effect.provideService(watch, CampaignGateway, tagged)
      yield* TestClock.adjust(5_000)
      const events = yield* MemoryEvents
      yield* events.tell({ id, name: "Taken back", status: "off", lock: LockToken.make("W/tag") })
      yield* TestClock.adjust("1 minute")
      const { entries } = yield* MemoryLedger
      assert.deepStrictEqual(yield* entries, [])
    }).pipe(Effect.scoped, Effect.provide(ports))
)

it.effect("shows no overview while it is busy with something else than what it hears", () =>
  Effect.gen(function* () {
    const { first, now, overview, told, world } = yield* watched
    const at = yield* Clock.currentTimeMillis
    assert.isDefined(overview.campaigns(at + 8_000))
    assert.isUndefined(overview.campaigns(at + 10_001))
    yield* world.setState(first, "paused")
    yield* told(first)
    yield* TestClock.adjust("1 minute")
    assert.strictEqual((yield* now)?.find(({ campaign }) => campaign.id === first)?.heard, true)
  }).pipe(Effect.scoped, Effect.provide(ports))
)

it.effect("forgets campaigns that were deleted while nobody watched", () =>
  Effect.gen(function* () {
    const store = yield* WatchStore
    const campaignId = CampaignId.make("77777777-7777-4777-8777-777777777777")
    const lock = LockToken.make("3")
    const row = {
      campaignId,
      lock,
      status: "on",
      state: "active",
      toldIn: 0,
      covered: true
    } as const
    yield* store.save([row], [])
    yield* watched
    assert.deepStrictEqual(yield* store.of([campaignId]), [])
  }).pipe(Effect.scoped, Effect.provide(ports))
)

it.effect(
  "is not sure of all while one is not heard of, though another that is gone still is",
  () =>
    Effect.gen(function* () {
      const { events, now, second, world } = yield* watched
      const gone = CampaignId.make("77777777-7777-4777-8777-777777777777")
      yield* events.drop
      const third = yield* world.addCampaign({ name: "Third" })
      yield* events.emit({ _tag: "Covered", ids: [gone, second, third] })
      yield* TestClock.adjust(1_000)
      assert.isUndefined(yield* now)
    }).pipe(Effect.scoped, Effect.provide(ports))
)

it.effect(
  "tells of what somebody else has listed, and of what shows ten seconds after a break",
  () =>
    Effect.gen(function* () {
      const { events, first, overview, second, world } = yield* watched
      const gateway = yield* CampaignGateway
      yield* TestClock.adjust(1)
      yield* world.setState(first, "paused")
      overview.listed([yield* gateway.get(first)], yield* Clock.currentTimeMillis)
      yield* TestClock.adjust(5_000)
      const { entries } = yield* MemoryLedger
      const told = Effect.map(entries, (all) => all.map(({ campaignId }) => campaignId))
      assert.deepStrictEqual(yield* told, [first])
      yield* events.drop
      yield* world.setState(second, "active")
      yield* TestClock.adjust(5_000)
      assert.deepStrictEqual(yield* told, [first])
      yield* TestClock.adjust(6_000)
      assert.deepStrictEqual(yield* told, [first, second])
    }).pipe(Effect.scoped, Effect.provide(ports))
)

it.effect("is not sure of all where one was created as another was deleted", () =>
  Effect.gen(function* () {
    const gateway = yield* CampaignGateway
    const hidden = new Set<CampaignId>()
    const partial = CampaignGateway.of({
      ...gateway,
      list: (filter) =>
        Stream.map(gateway.list(filter), (page) => ({
          ...page,
          campaigns: page.campaigns.filter(({ id }) => !hidden.has(id))
        }))
    })
    const { now, second, world } = yield* Effect.provideService(watched, CampaignGateway, partial)
    const store = yield* WatchStore
    const listedAt = (yield* store.beat)?.listedAt ?? 0
    hidden.add(second)
    yield* world.addCampaign({ name: "Third" })
    yield* TestClock.setTime(listedAt + 600_000)
    assert.isUndefined(yield* now)
    yield* TestClock.adjust(1_000)
    assert.strictEqual((yield* now)?.length, 2)
  }).pipe(Effect.scoped, Effect.provide(ports))
)

it.effect("blames nobody for a change of ours that is told of while the campaign is read", () =>
  Effect.gen(function* () {
    const gateway = yield* CampaignGateway
    const world = yield* GatewayWorld
    const ledger = yield* AuditLog
    const id = yield* world.addCampaign({ name: "Stopped by us", state: "active" })
    let reads = 0
    const slow = CampaignGateway.of({
      ...gateway,
      get: (one) =>
        Effect.tap(gateway.get(one), ({ lock }) => {
          reads += 1
          const ours = { kind: "outcome", outcome: "applied", success: true } as const
          return reads > 1
            ? Effect.void
            : Effect.orDie(
                ledger.append(
                  auditDraft({ ...ours, campaignId: one, targetState: "paused", lockAfter: lock })
                )
              )
        })
    })
    yield* Effect.provideService(watch, CampaignGateway, slow)
    yield* TestClock.adjust(5_000)
    yield* world.setState(id, "paused")
    const { lock, name, status } = yield* gateway.get(id)
    const events = yield* MemoryEvents
    yield* events.tell({ id, lock, name, status })
    yield* TestClock.adjust("1 minute")
    const { entries } = yield* MemoryLedger
    assert.strictEqual(reads, 1)
    assert.deepStrictEqual(
      (yield* entries).map(({ kind }) => kind),
      ["outcome"]
    )
  }).pipe(Effect.scoped, Effect.provide(ports))
)
