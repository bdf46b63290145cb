import {
  AuditLog,
  type CampaignId,
  CampaignGateway,
  LockToken,
  PermissionMissing
} from "@campaignctl/core"
import {
  GatewayWorld,
  memoryCampaignEvents,
  MemoryEvents,
  auditDraft,
  MemoryLedger
} from "@campaignctl/core/testing"
import { assert, it } from "@effect/vitest"
import { Effect, Layer, Stream } from "effect"
import { SqlClient } from "effect/sql"
import { TestClock } from "effect/testing"
import { Heard, layerHeard } from "../../src/watch/Heard.ts"
import type { Kept } from "../../src/watch/Kept.ts"
import { watchStoreSql } from "../../src/watch/sqlWatchStore.ts"
import { watch } from "../../src/watch/watch.ts"
import { WatchStore } from "../../src/watch/WatchStore.ts"
import { memoryPorts, memorySql } from "../support/memoryPorts.ts"

const NOW = Date.parse("2026-11-23T09:00:00Z")

const ports = layerHeard.pipe(
  Layer.provideMerge(watchStoreSql),
  Layer.provideMerge(memorySql),
  Layer.provideMerge(Layer.mergeAll(memoryPorts, memoryCampaignEvents)),
  Layer.provideMerge(TestClock.layer())
)

/** A campaign that one of us has stopped under lock 5, as a watch that lives keeps it. */
const stopped = Effect.gen(function* () {
  yield* TestClock.setTime(NOW)
  const world = yield* GatewayWorld
  const id = yield* world.addCampaign({ name: "Heard", state: "draining", calls: 1 })
  const ledger = yield* AuditLog
  const { sequence } = yield* ledger.append(
    auditDraft({
      campaignId: id,
      kind: "outcome",
      outcome: "applied",
      success: true,
      targetState: "paused",
      lockBefore: LockToken.make("4"),
      lockAfter: LockToken.make("5")
    })
  )
  const store = yield* WatchStore
  const beat = (at: number) =>
    store.saveBeat({ at, campaigns: 1, covered: 1, listedAt: at, available: true })
  const keep = (row: Partial<Kept>) =>
    store.save(
      [
        {
          campaignId: id,
          status: "stopping",
          lock: LockToken.make("5"),
          state: "draining",
          toldIn: sequence,
          covered: true,
          ...row
        }
      ],
      []
    )
  yield* beat(NOW)
  yield* keep({})
  return { id, sequence, beat, keep }
})

const heardOf = (campaignId: CampaignId, auditSequence: number | null) =>
  Effect.gen(function* () {
    const { of } = yield* Heard
    const heard = yield* of([{ campaignId, auditSequence }])
    return heard.has(campaignId) ? (heard.get(campaignId) ?? "still to be heard") : "nothing"
  })

it.effect("hears of a campaign what the watch has kept of it", () =>
  Effect.gen(function* () {
    const { id, keep, sequence } = yield* stopped
    assert.strictEqual(yield* heardOf(id, sequence), "stopping")
    yield* keep({ status: "off", lock: LockToken.make("6") })
    assert.strictEqual(yield* heardOf(id, sequence), "off")
    // What is older than the change of ours is no news of it.
    yield* keep({ status: "on", lock: LockToken.make("4") })
    assert.strictEqual(yield* heardOf(id, sequence), "still to be heard")
  }).pipe(Effect.provide(ports))
)

it.effect("is certain of nothing that is not heard of, nor of what no lock tells", () =>
  Effect.gen(function* () {
    const { id, keep, sequence } = yield* stopped
    yield* keep({ covered: false })
    assert.strictEqual(yield* heardOf(id, sequence), "nothing")
    yield* keep({})
    // It drained already, so that the wait is for a stop of which no word tells.
    assert.strictEqual(yield* heardOf(id, sequence + 1), "nothing")
    const world = yield* GatewayWorld
    const other = yield* world.addCampaign({ name: "Not in the ledger" })
    yield* keep({ campaignId: other })
    assert.strictEqual(yield* heardOf(other, null), "nothing")
  }).pipe(Effect.provide(ports))
)

it.effect(
  "is certain of nothing once the watch gives no sign of life, or one of another clock",
  () =>
    Effect.gen(function* () {
      const { beat, id, sequence } = yield* stopped
      yield* TestClock.setTime(NOW + 10_000)
      assert.strictEqual(yield* heardOf(id, sequence), "stopping")
      yield* TestClock.setTime(NOW + 10_001)
      assert.strictEqual(yield* heardOf(id, sequence), "nothing")
      yield* beat(NOW + 20_002)
      assert.strictEqual(yield* heardOf(id, sequence), "nothing")
      yield* beat(NOW + 20_001)
      assert.strictEqual(yield* heardOf(id, sequence), "stopping")
    }).pipe(Effect.provide(ports))
)

it.effect("is certain of nothing where ledger or database do not answer", () =>
  Effect.gen(function* () {
    const { id, sequence } = yield* stopped
    const ledger = yield* MemoryLedger
    yield* ledger.breakWith("the test broke it")
    assert.strictEqual(yield* heardOf(id, sequence), "nothing")
    yield* ledger.breakWith(undefined)
    assert.strictEqual(yield* heardOf(id, sequence), "stopping")
    const sql = yield* SqlClient.SqlClient
    yield* sql`DROP TABLE watch_campaigns`
    assert.strictEqual(yield* heardOf(id, sequence), "nothing")
  }).pipe(Effect.provide(ports))
)

it.effect("is certain of nothing that an earlier watch heard, until this one does", () =>
  Effect.gen(function* () {
    const { id, sequence } = yield* stopped
    const events = yield* MemoryEvents
    yield* events.drop
    yield* watch
    yield* TestClock.adjust(5_000)
    const { beat } = yield* WatchStore
    assert.strictEqual((yield* beat)?.covered, 0)
    assert.strictEqual(yield* heardOf(id, sequence), "nothing")
  }).pipe(Effect.scoped, Effect.provide(ports))
)

it.effect("is certain of nothing that an earlier watch heard, while this one cannot list", () =>
  Effect.gen(function* () {
    const { id, sequence } = yield* stopped
    const gateway = yield* CampaignGateway
    const refused = new PermissionMissing({
      permission: "outbound:campaign:view",
      detail: "a test"
    })
    yield* Effect.provideService(watch, CampaignGateway, {
      ...gateway,
      list: () => Stream.fail(refused)
    })
    yield* TestClock.adjust(5_000)
    assert.strictEqual(yield* heardOf(id, sequence), "nothing")
  }).pipe(Effect.scoped, Effect.provide(ports))
)

it.effect("is certain no more of what is lost", () =>
  Effect.gen(function* () {
    const { id, sequence } = yield* stopped
    const events = yield* MemoryEvents
    yield* watch
    yield* TestClock.adjust(5_000)
    assert.notStrictEqual(yield* heardOf(id, sequence), "nothing")
    yield* events.drop
    yield* TestClock.adjust(0)
    assert.strictEqual(yield* heardOf(id, sequence), "nothing")
    yield* events.cover
    yield* TestClock.adjust(1_000)
    assert.notStrictEqual(yield* heardOf(id, sequence), "nothing")
  }).pipe(Effect.scoped, Effect.provide(ports))
)
