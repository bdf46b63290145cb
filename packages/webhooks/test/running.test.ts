import { MemoryLedger } from "@campaignctl/core/testing"
import { describe, expect, it } from "@effect/vitest"
import { Effect, Fiber, Layer, Logger } from "effect"
import { SqlClient } from "effect/sql"
import { TestClock } from "effect/testing"
import { auditEnds } from "../src/delivery/auditEnds.ts"
import { forget } from "../src/delivery/deliver.ts"
import { deliverOver, Webhooks } from "../src/index.ts"
import { append, applied, DAY_MS, round, subscribe } from "./support/steps.ts"
import { answering, Receivers, sqliteWorld, worlds } from "./support/world.ts"

const URL_A = "https://a.example.com/"

/** What is logged while a test runs. */
const logging = () => {
  const lines: Array<string> = []
  return {
    lines,
    layer: Logger.layer([Logger.make(({ message }) => void lines.push(String(message)))])
  }
}

describe("a deliverer", () => {
  it.effect("tells within a fifth of a second, and ends without a word when it is told to", () => {
    const { layer, lines } = logging()
    return Effect.gen(function* () {
      const receivers = yield* Receivers
      const running = yield* Effect.forkChild(deliverOver)
      yield* TestClock.adjust("1 seconds")
      yield* subscribe(URL_A)
      yield* append(applied(1))
      yield* TestClock.adjust("200 millis")
      expect(receivers.received(URL_A)).toHaveLength(1)
      yield* Fiber.interrupt(running)
      expect(lines).toEqual([])
    }).pipe(Effect.provide(Layer.merge(sqliteWorld, layer)))
  })

  it.effect("goes on by itself after its storage has failed, and says that it did", () => {
    const { layer, lines } = logging()
    return Effect.gen(function* () {
      const receivers = yield* Receivers
      const ledger = yield* MemoryLedger
      yield* subscribe(URL_A)
      const running = yield* Effect.forkChild(deliverOver)
      yield* append(applied(1))
      yield* ledger.breakWith("The disk is full.")
      yield* TestClock.adjust("5 seconds")
      expect(receivers.received(URL_A)).toEqual([])
      expect(lines.join()).toContain("The disk is full.")
      yield* ledger.breakWith(undefined)
      yield* TestClock.adjust("2 seconds")
      expect(receivers.received(URL_A)).toHaveLength(1)
      // Its own tables may fail too, at any moment.
      const sql = yield* SqlClient.SqlClient
      yield* sql`ALTER TABLE webhook_attempts RENAME TO hidden`
      yield* append(applied(2))
      yield* TestClock.adjust("10 seconds")
      expect(receivers.received(URL_A)).toHaveLength(2)
      yield* sql`ALTER TABLE hidden RENAME TO webhook_attempts`
      yield* TestClock.adjust("5 seconds")
      const { deliveries } = yield* Webhooks
      expect((yield* deliveries({})).map(({ status }) => status)).toEqual([
        "delivered",
        "delivered"
      ])
      // It was not sent again: what came of it was only waiting to be recorded.
      expect(receivers.received(URL_A)).toHaveLength(2)
      yield* Fiber.interrupt(running)
    }).pipe(Effect.provide(Layer.merge(sqliteWorld, layer)))
  })

  it.effect("says what it cannot even try to send, and sends everything else", () => {
    const { layer, lines } = logging()
    return Effect.gen(function* () {
      const receivers = yield* Receivers
      const { subscription } = yield* subscribe(URL_A)
      yield* subscribe("https://b.example.com/")
      const sql = yield* SqlClient.SqlClient
      yield* sql`UPDATE webhook_secrets SET secret = 'whsec_' WHERE subscription_id = ${subscription.id}`
      yield* append(applied(1))
      const running = yield* Effect.forkChild(deliverOver)
      yield* TestClock.adjust("1500 millis")
      expect(receivers.received(URL_A)).toEqual([])
      expect(receivers.received("https://b.example.com/")).toHaveLength(1)
      expect(lines.filter((line) => line.includes("could not be sent"))).toHaveLength(2)
      yield* Fiber.interrupt(running)
    }).pipe(Effect.provide(Layer.merge(sqliteWorld, layer)))
  })

  it.effect("tells the ledger of an end once, however often its tables refuse or it is ended", () =>
    Effect.gen(function* () {
      const sql = yield* SqlClient.SqlClient
      const ledger = yield* MemoryLedger
      const { deliveries } = yield* Webhooks
      const ends = Effect.map(ledger.entries, (all) =>
        all.filter(({ kind }) => kind === "delivery")
      )
      yield* subscribe(URL_A)
      yield* sql`CREATE TRIGGER refusing BEFORE UPDATE OF audit_sequence ON webhook_deliveries
        BEGIN SELECT RAISE(ABORT, 'refused'); END`
      yield* append(applied(1))
      for (let n = 0; n < 2; n += 1) {
        const running = yield* Effect.forkChild(deliverOver)
        yield* TestClock.adjust("5 seconds")
        yield* Fiber.interrupt(running)
        expect(yield* ends).toHaveLength(1)
      }
      expect(yield* deliveries({})).toMatchObject([{ auditSequence: null }])
      yield* sql`DROP TRIGGER refusing`
      const running = yield* Effect.forkChild(deliverOver)
      yield* TestClock.adjust("1 seconds")
      const [end, ...more] = yield* ends
      expect(more).toEqual([])
      expect(yield* deliveries({})).toMatchObject([{ auditSequence: end?.sequence }])
      yield* Fiber.interrupt(running)
    }).pipe(Effect.provide(sqliteWorld))
  )

  it.effect("that ended between an answer and its record sends the same again", () =>
    Effect.gen(function* () {
      const receivers = yield* Receivers
      receivers.behave(URL_A, (_, n) =>
        Effect.delay(Effect.succeed({ status: 200 }), n === 1 ? 9_000 : 0)
      )
      yield* subscribe(URL_A)
      const first = yield* Effect.forkChild(deliverOver)
      yield* append(applied(1))
      yield* append(applied(1))
      yield* TestClock.adjust("1 seconds")
      yield* Fiber.interrupt(first)
      const second = yield* Effect.forkChild(deliverOver)
      yield* TestClock.adjust("1 seconds")
      const ids = receivers.received(URL_A).map(({ id }) => id)
      expect(ids).toHaveLength(3)
      expect([ids[1], new Set(ids).size]).toEqual([ids[0], 2])
      yield* Fiber.interrupt(second)
    }).pipe(Effect.provide(sqliteWorld))
  )
})

describe.each(worlds)("the ledger of %s", (_name, world) => {
  it.effect("hears of each end once, though it ended between the two records", () =>
    Effect.gen(function* () {
      const receivers = yield* Receivers
      receivers.behave(URL_A, answering(410))
      yield* subscribe(URL_A)
      yield* append(applied(1))
      yield* round
      const sql = yield* SqlClient.SqlClient
      const { deliveries } = yield* Webhooks
      const before = yield* deliveries({})
      yield* sql`UPDATE webhook_deliveries SET audit_sequence = NULL`
      yield* auditEnds(true)
      expect(yield* deliveries({})).toEqual(before)
      const told = (yield* (yield* MemoryLedger).entries).filter(({ kind }) => kind === "delivery")
      expect(told).toHaveLength(1)
      expect(told[0]).toMatchObject({ success: false, errorCode: "WEBHOOK_DELIVERY_DEAD" })
    }).pipe(Effect.provide(world))
  )

  it.effect("hears of an end that it could not be told of for longer than ends are kept", () =>
    Effect.gen(function* () {
      yield* subscribe(URL_A)
      yield* append(applied(1))
      yield* round
      const sql = yield* SqlClient.SqlClient
      yield* TestClock.adjust(8 * DAY_MS)
      yield* sql`UPDATE webhook_deliveries SET audit_sequence = NULL, attempts = 3`
      yield* forget
      yield* auditEnds(false)
      const told = (yield* (yield* MemoryLedger).entries).filter(({ kind }) => kind === "delivery")
      expect(told.map(({ attempts }) => attempts)).toContain(3)
      yield* forget
      expect(yield* sql`SELECT id FROM webhook_deliveries`).toEqual([])
      expect(yield* sql`SELECT delivery_id FROM webhook_attempts`).toEqual([])
    }).pipe(Effect.provide(world))
  )

  it.effect("hears of what was sent to a subscription that was removed before it was told", () =>
    Effect.gen(function* () {
      const { remove } = yield* Webhooks
      const { subscription } = yield* subscribe(URL_A)
      yield* append(applied(1))
      yield* round
      const sql = yield* SqlClient.SqlClient
      yield* sql`UPDATE webhook_deliveries SET audit_sequence = NULL, attempts = 2`
      yield* remove(subscription.id)
      yield* forget
      yield* auditEnds(false)
      const told = (yield* (yield* MemoryLedger).entries).filter(({ kind }) => kind === "delivery")
      expect(told.map(({ delivery }) => delivery?.receiver)).toEqual([URL_A, URL_A])
      yield* forget
      expect(yield* sql`SELECT id FROM webhook_deliveries`).toEqual([])
    }).pipe(Effect.provide(world))
  )

  it.effect.each([200, 500])(
    "hears of what was under way to a subscription that was removed, which answered %s",
    (status) =>
      Effect.gen(function* () {
        const receivers = yield* Receivers
        const { remove } = yield* Webhooks
        const { subscription } = yield* subscribe(URL_A)
        receivers.behave(URL_A, () => Effect.as(Effect.ignore(remove(subscription.id)), { status }))
        yield* append(applied(1))
        yield* append(applied(1))
        yield* round
        yield* auditEnds(true)
        const told = (yield* (yield* MemoryLedger).entries).filter(
          ({ kind }) => kind === "delivery"
        )
        expect(told).toMatchObject([{ success: status === 200, attempts: 1, delivery: { status } }])
        yield* forget
        const sql = yield* SqlClient.SqlClient
        expect(yield* sql`SELECT id FROM webhook_deliveries`).toEqual([])
        expect(receivers.received(URL_A)).toHaveLength(1)
      }).pipe(Effect.provide(world))
  )
})
