import { AuditLog } from "@campaignctl/core"
import { describe, expect, it } from "@effect/vitest"
import { Deferred, Effect, Fiber, Stream } from "effect"
import { SqlClient } from "effect/sql"
import { type AttemptMade, Outbox } from "../src/database/Outbox.ts"
import { planNext } from "../src/delivery/planned.ts"
import { Webhooks } from "../src/index.ts"
import { append, applied, campaignOf, round, subscribe } from "./support/steps.ts"
import { Receivers, worlds } from "./support/world.ts"

const URL_A = "https://a.example.com/"
const URL_B = "https://b.example.com/"

/** Milliseconds in which a statement that waits for nobody has long run. */
const LONG_ENOUGH_MS = 200

const made = (status: number): AttemptMade => ({
  receiver: URL_A,
  at: 0,
  endedAt: 0,
  durationMs: 0,
  status,
  detail: `The receiver answered ${status}.`
})

/** One change, planned and due. */
const oneDue = Effect.gen(function* () {
  const { subscription } = yield* subscribe(URL_A)
  yield* append(applied(1))
  yield* planNext()
  const [row] = yield* (yield* Outbox).due(subscription.id, 10 ** 13, 10)
  if (row === undefined) return yield* Effect.die("nothing is due")
  return row
})

describe.each(worlds)("the tables on %s", (_name, world) => {
  it.live("keep a lane going where its last message ends while the next is planned", () =>
    Effect.gen(function* () {
      const outbox = yield* Outbox
      const sql = yield* SqlClient.SqlClient
      const row = yield* oneDue
      const [recorded, mayCommit] = [yield* Deferred.make<void>(), yield* Deferred.make<void>()]
      const ending = yield* Effect.forkChild(
        sql.withTransaction(
          outbox
            .record(row, made(200), { _tag: "Delivered" })
            .pipe(
              Effect.andThen(Deferred.succeed(recorded, undefined)),
              Effect.andThen(Deferred.await(mayCommit))
            )
        )
      )
      yield* Deferred.await(recorded)
      yield* append(applied(1))
      const planning = yield* Effect.forkChild(planNext())
      yield* Effect.sleep(LONG_ENOUGH_MS)
      yield* Deferred.succeed(mayCommit, undefined)
      yield* Fiber.join(ending)
      yield* Fiber.join(planning)
      expect(yield* outbox.due(row.subscription_id, 10 ** 13, 10)).toHaveLength(1)
    }).pipe(Effect.provide(world))
  )

  it.live("keep a lane going where its last message ends while an older one is repeated", () =>
    Effect.gen(function* () {
      const outbox = yield* Outbox
      const sql = yield* SqlClient.SqlClient
      const older = yield* oneDue
      yield* outbox.record(older, made(200), { _tag: "Delivered" })
      yield* outbox.audited([{ id: older.id, attempts: 1, sequence: 9 }])
      yield* append(applied(1))
      yield* planNext()
      const [row] = yield* outbox.due(older.subscription_id, 10 ** 13, 10)
      if (row === undefined) return yield* Effect.die("nothing is due")
      const [recorded, mayCommit] = [yield* Deferred.make<void>(), yield* Deferred.make<void>()]
      const ending = yield* Effect.forkChild(
        sql.withTransaction(
          outbox
            .record(row, made(200), { _tag: "Delivered" })
            .pipe(
              Effect.andThen(Deferred.succeed(recorded, undefined)),
              Effect.andThen(Deferred.await(mayCommit))
            )
        )
      )
      yield* Deferred.await(recorded)
      const repeating = yield* Effect.forkChild(
        Webhooks.use(({ redeliver }) => redeliver({ deliveryId: older.id }))
      )
      yield* Effect.sleep(LONG_ENOUGH_MS)
      yield* Deferred.succeed(mayCommit, undefined)
      yield* Fiber.join(ending)
      expect(yield* Fiber.join(repeating)).toBe(1)
      const due = yield* outbox.due(older.subscription_id, 10 ** 13, 10)
      expect(due.map(({ id }) => id)).toEqual([older.id])
    }).pipe(Effect.provide(world))
  )

  it.effect("take an end for told only as far as it was told", () =>
    Effect.gen(function* () {
      const outbox = yield* Outbox
      const row = yield* oneDue
      yield* outbox.record(row, made(500), { _tag: "Again", dueAt: 1 })
      yield* outbox.audited([{ id: row.id, attempts: 1, sequence: 9 }])
      const [again] = yield* outbox.due(row.subscription_id, 10 ** 13, 10)
      expect(again?.audit_sequence).toBeNull()
      if (again === undefined) return yield* Effect.die("nothing is due")
      yield* outbox.record(again, made(200), { _tag: "Delivered" })
      yield* outbox.audited([{ id: row.id, attempts: 1, sequence: 9 }])
      expect((yield* outbox.unaudited(10)).map(({ id }) => id)).toEqual([row.id])
      yield* outbox.audited([{ id: row.id, attempts: 2, sequence: 9 }])
      expect(yield* outbox.unaudited(10)).toEqual([])
    }).pipe(Effect.provide(world))
  )

  it.effect("take what came of an attempt once, whoever comes late", () =>
    Effect.gen(function* () {
      const outbox = yield* Outbox
      const row = yield* oneDue
      yield* outbox.record(row, made(200), { _tag: "Delivered" })
      yield* outbox.record(row, made(500), { _tag: "Again", dueAt: 1 })
      const { delivery } = yield* Webhooks
      const { attempts, delivery: shown } = yield* delivery(row.id)
      expect(shown).toMatchObject({ status: "delivered", attempts: 1, lastStatus: 200 })
      expect(attempts).toHaveLength(1)
    }).pipe(Effect.provide(world))
  )

  it.effect("count an attempt that failed once, though another process had made the same", () =>
    Effect.gen(function* () {
      const outbox = yield* Outbox
      const row = yield* oneDue
      yield* outbox.record(row, made(500), { _tag: "Again", dueAt: 7 })
      yield* outbox.record(row, made(503), { _tag: "Again", dueAt: 9 })
      const { attempts, delivery: shown } = yield* (yield* Webhooks).delivery(row.id)
      expect(shown).toMatchObject({ status: "pending", attempts: 1, lastStatus: 500 })
      expect(attempts).toMatchObject([{ number: 1, status: 500 }])
      expect(yield* outbox.due(row.subscription_id, 7, 10)).toHaveLength(1)
    }).pipe(Effect.provide(world))
  )

  it.effect("leave a receiver alone for the longest that it asked for", () =>
    Effect.gen(function* () {
      const outbox = yield* Outbox
      const { subscription } = yield* subscribe(URL_A)
      for (const campaign of [1, 2, 3]) yield* append(applied(campaign))
      yield* planNext()
      const rows = yield* outbox.due(subscription.id, 10 ** 13, 10)
      const waits = [5_000, 600_000, 50_000]
      for (const [index, row] of rows.entries()) {
        const receiverNotBefore = waits[index] ?? 0
        yield* outbox.record(row, made(429), { _tag: "Again", dueAt: 1, receiverNotBefore })
      }
      expect(yield* outbox.dueSubscriptions(599_999)).toEqual([])
      expect(yield* outbox.due(subscription.id, 599_999, 10)).toEqual([])
      expect(yield* outbox.dueSubscriptions(600_000)).toEqual([subscription.id])
      expect(yield* outbox.due(subscription.id, 600_000, 10)).toHaveLength(waits.length)
    }).pipe(Effect.provide(world))
  )

  it.effect("move the cursor for whoever has read from where it stands, and for nobody else", () =>
    Effect.gen(function* () {
      const outbox = yield* Outbox
      expect(yield* outbox.cursor(5)).toBe(5)
      expect(yield* outbox.cursor(9)).toBe(5)
      expect(yield* outbox.plan(5, 8, [])).toBe(true)
      expect(yield* outbox.plan(5, 7, [])).toBe(false)
      expect(yield* outbox.cursorIfBegun).toBe(8)
    }).pipe(Effect.provide(world))
  )

  it.effect(
    "keep nothing for a subscription that came after it, though nobody had read so far",
    () =>
      Effect.gen(function* () {
        const receivers = yield* Receivers
        yield* subscribe(URL_A)
        yield* append(applied(1))
        yield* subscribe(URL_B)
        yield* append(applied(2))
        yield* round
        const toldOf = (url: string) => receivers.received(url).map(({ event }) => event.subject)
        expect(toldOf(URL_A).toSorted()).toEqual([campaignOf(1), campaignOf(2)])
        expect(toldOf(URL_B)).toEqual([campaignOf(2)])
      }).pipe(Effect.provide(world))
  )

  it.effect("keep for a subscription what is recorded while the ledger is just being read", () =>
    Effect.gen(function* () {
      const ledger = yield* AuditLog
      const ports = yield* Effect.context<Webhooks | AuditLog>()
      yield* (yield* Outbox).cursor(0)
      const racing = AuditLog.of({
        ...ledger,
        query: (asked) =>
          Stream.unwrap(
            Effect.gen(function* () {
              yield* Effect.orDie(subscribe(URL_A))
              yield* append(applied(1))
              return ledger.query(asked)
            }).pipe(Effect.provideContext(ports))
          )
      })
      const { planned } = yield* planNext().pipe(Effect.provideService(AuditLog, racing))
      expect(planned).toBe(1)
    }).pipe(Effect.provide(world))
  )

  it.effect("keep nothing for a subscription that was disabled when it happened", () =>
    Effect.gen(function* () {
      const { update } = yield* Webhooks
      const { subscription } = yield* subscribe(URL_A)
      yield* update(subscription.id, { enabled: false })
      yield* append(applied(1))
      const enabled = yield* update(subscription.id, { enabled: true })
      expect(enabled.disabled).toBeNull()
      yield* append(applied(2))
      yield* round
      const received = (yield* Receivers).received(URL_A)
      expect(received.map(({ event }) => event.subject)).toEqual([campaignOf(2)])
    }).pipe(Effect.provide(world))
  )
})
