import { describe, expect, it } from "@effect/vitest"
import { Effect, Fiber } from "effect"
import { TestClock } from "effect/testing"
import { deliverOver, NoAnswer, Webhooks } from "../src/index.ts"
import {
  append,
  applied,
  campaignOf,
  DAY_MS,
  HOUR_MS,
  live,
  round,
  subscribe
} from "./support/steps.ts"
import { answering, Receivers, sqliteWorld } from "./support/world.ts"

const BAD = "https://bad.example.com/hook?token=hush"
const GOOD = "https://good.example.com/hook"

const eachOf = (campaigns: number) =>
  Effect.forEach(
    Array.from({ length: campaigns }, (_, n) => n + 1),
    (n) => append(applied(n))
  )

/** Both are told of some campaigns; whatever the one does, the other has all of it after one round. */
const besideGood = Effect.fnUntraced(function* (campaigns: number) {
  const { subscription } = yield* subscribe(BAD)
  yield* subscribe(GOOD)
  yield* eachOf(campaigns)
  yield* round
  expect((yield* Receivers).received(GOOD)).toHaveLength(campaigns)
  return subscription
})

describe("a receiver that", () => {
  it.effect(
    "never answers takes its own room alone, and each message is given up after its time",
    () =>
      Effect.gen(function* () {
        const receivers = yield* Receivers
        const webhooks = yield* Webhooks
        receivers.behave(BAD, () => Effect.never)
        yield* subscribe(BAD)
        yield* subscribe(GOOD)
        yield* eachOf(40)
        const running = yield* Effect.forkChild(deliverOver)
        yield* TestClock.adjust("1 seconds")
        expect(receivers.received(GOOD)).toHaveLength(40)
        // No more than its share is under way.
        expect(receivers.received(BAD)).toHaveLength(16)
        yield* TestClock.adjust("16 seconds")
        expect(receivers.received(BAD)).toHaveLength(32)
        const [first] = (yield* webhooks.deliveries({ limit: 1_000 })).toReversed()
        expect(first).toMatchObject({
          status: "pending",
          lastStatus: null,
          detail: "No answer in time."
        })
        yield* append(applied(50))
        yield* TestClock.adjust("400 millis")
        expect(receivers.received(GOOD)).toHaveLength(41)
        yield* Fiber.interrupt(running)
      }).pipe(Effect.provide(sqliteWorld))
  )

  it.effect("answers 500 gets it again, after five seconds first", () =>
    Effect.gen(function* () {
      const receivers = yield* Receivers
      receivers.behave(BAD, (_, n) => Effect.succeed({ status: n <= 3 ? 500 : 200 }))
      yield* besideGood(1)
      yield* live(HOUR_MS)
      const [first, second, third, fourth, ...more] = receivers.received(BAD).map(({ at }) => at)
      expect(more).toEqual([])
      expect(second).toBe((first ?? 0) + 5_000)
      for (const [pause, ceiling] of [
        [(third ?? 0) - (second ?? 0), 10_001],
        [(fourth ?? 0) - (third ?? 0), 20_001]
      ] as const) {
        expect(pause).toBeGreaterThanOrEqual(5_000)
        expect(pause).toBeLessThanOrEqual(ceiling)
      }
    }).pipe(Effect.provide(sqliteWorld))
  )

  it.effect.each([
    ["seconds", "600"],
    ["a date", "Thu, 01 Jan 1970 00:10:00 GMT"]
  ])("answers 429 with Retry-After in %s is left alone for so long", ([, retryAfter]) =>
    Effect.gen(function* () {
      const receivers = yield* Receivers
      receivers.behave(BAD, (received, n) =>
        n <= 3 ? answering(429, retryAfter)(received, n) : answering(200)(received, n)
      )
      yield* besideGood(3)
      // A campaign of which nothing was refused waits too: it is the receiver that asked.
      yield* append(applied(9))
      yield* live(599_000)
      expect(receivers.received(BAD)).toHaveLength(3)
      yield* live(HOUR_MS)
      const later = receivers.received(BAD).slice(3)
      expect(later).toHaveLength(4)
      expect(Math.min(...later.map(({ at }) => at))).toBe(600_000)
    }).pipe(Effect.provide(sqliteWorld))
  )

  it.effect.each([429, 410])("answers %s is sent nothing that had not left already", (status) =>
    Effect.gen(function* () {
      const receivers = yield* Receivers
      receivers.behave(BAD, answering(status, "600"))
      yield* besideGood(60)
      expect(receivers.received(BAD)).toHaveLength(16)
    }).pipe(Effect.provide(sqliteWorld))
  )

  it.effect.each([
    ["first", ["600", "5"]],
    ["last", ["5", "600"]]
  ] as const)("asks for the longest wait %s is left alone for that", ([, waits]) =>
    Effect.gen(function* () {
      const receivers = yield* Receivers
      receivers.behave(BAD, (received, n) =>
        n <= 2
          ? Effect.delay(answering(429, waits[n - 1])(received, n), n)
          : answering(200)(received, n)
      )
      yield* subscribe(BAD)
      yield* eachOf(2)
      const running = yield* Effect.forkChild(deliverOver)
      yield* TestClock.adjust("1 seconds")
      expect(receivers.received(BAD)).toHaveLength(2)
      yield* append(applied(9))
      yield* TestClock.adjust("598 seconds")
      expect(receivers.received(BAD)).toHaveLength(2)
      yield* TestClock.adjust("20 seconds")
      expect(receivers.received(BAD)).toHaveLength(5)
      yield* Fiber.interrupt(running)
    }).pipe(Effect.provide(sqliteWorld))
  )

  it.effect("answers the last try of a message with Retry-After is left alone for so long", () =>
    Effect.gen(function* () {
      const receivers = yield* Receivers
      const webhooks = yield* Webhooks
      receivers.behave(BAD, (received, n) =>
        answering(n < 4 ? 500 : n === 4 ? 429 : 200, n === 4 ? "3600" : undefined)(received, n)
      )
      const { subscription } = yield* subscribe(BAD, { retryForMs: 60_000 })
      yield* append(applied(1))
      yield* append(applied(1))
      yield* live(HOUR_MS)
      expect(receivers.received(BAD)).toHaveLength(4)
      expect(yield* webhooks.deliveries({ status: "dead" })).toHaveLength(1)
      expect((yield* webhooks.get(subscription.id)).disabled).toBeNull()
      yield* live(HOUR_MS)
      const [last] = receivers.received(BAD).slice(4)
      expect(last?.at).toBe((receivers.received(BAD)[3]?.at ?? 0) + HOUR_MS)
    }).pipe(Effect.provide(sqliteWorld))
  )

  it.effect("asks for more than a day is tried after a day", () =>
    Effect.gen(function* () {
      const receivers = yield* Receivers
      receivers.behave(BAD, answering(503, "99999999"))
      yield* besideGood(1)
      yield* live(2 * DAY_MS - 1)
      expect(receivers.received(BAD).map(({ at }) => at)).toEqual([0, DAY_MS])
    }).pipe(Effect.provide(sqliteWorld))
  )

  it.effect("answers 410 is told of nothing more, until somebody enables it", () =>
    Effect.gen(function* () {
      const receivers = yield* Receivers
      const webhooks = yield* Webhooks
      receivers.behave(BAD, answering(410))
      const { id } = yield* besideGood(1)
      expect((yield* webhooks.get(id)).disabled).toMatchObject({ reason: "gone" })
      expect(yield* webhooks.deliveries({ subscriptionId: id, status: "dead" })).toHaveLength(1)
      yield* append(applied(2))
      yield* live(HOUR_MS)
      expect(receivers.received(BAD)).toHaveLength(1)
      expect(yield* Effect.flip(webhooks.redeliver({ subscriptionId: id }))).toMatchObject({
        _tag: "DeliveryNotRepeatable"
      })
      receivers.behave(BAD, answering(200))
      expect((yield* webhooks.update(id, { enabled: true })).disabled).toBeNull()
      yield* append(applied(3))
      yield* round
      // What was recorded while it was disabled was not for it.
      expect(receivers.received(BAD).map(({ event }) => event.subject)).toEqual([
        campaignOf(1),
        campaignOf(3)
      ])
    }).pipe(Effect.provide(sqliteWorld))
  )

  it.effect("answers with a redirect has failed, and hears why", () =>
    Effect.gen(function* () {
      const receivers = yield* Receivers
      const webhooks = yield* Webhooks
      receivers.behave(BAD, answering(302))
      const { id } = yield* besideGood(1)
      const [delivery] = yield* webhooks.deliveries({ subscriptionId: id })
      expect(delivery).toMatchObject({ status: "pending", lastStatus: 302 })
      expect(delivery?.detail).toContain("redirect")
    }).pipe(Effect.provide(sqliteWorld))
  )

  it.effect("cannot be reached is tried again, and its address is not told", () =>
    Effect.gen(function* () {
      const receivers = yield* Receivers
      const webhooks = yield* Webhooks
      receivers.behave(BAD, () =>
        Effect.fail(new NoAnswer({ reason: "unreachable", detail: "No answer: ECONNREFUSED." }))
      )
      const { id } = yield* besideGood(1)
      const [delivery] = yield* webhooks.deliveries({ subscriptionId: id })
      const { attempts } = yield* webhooks.delivery(delivery?.id ?? "")
      expect(attempts).toMatchObject([
        { number: 1, status: null, detail: "No answer: ECONNREFUSED." }
      ])
      expect(JSON.stringify([delivery, attempts])).not.toContain("hush")
    }).pipe(Effect.provide(sqliteWorld))
  )

  it.effect(
    "has failed for five days is disabled, and says so; one message in between keeps it",
    () =>
      Effect.gen(function* () {
        const receivers = yield* Receivers
        const webhooks = yield* Webhooks
        receivers.behave(BAD, answering(500))
        const { subscription } = yield* subscribe(BAD, { retryForMs: 30 * DAY_MS })
        yield* append(applied(1))
        yield* live(4 * DAY_MS)
        receivers.behave(BAD, answering(200))
        yield* live(HOUR_MS * 2)
        receivers.behave(BAD, answering(500))
        yield* append(applied(2))
        yield* live(4 * DAY_MS)
        expect((yield* webhooks.get(subscription.id)).disabled).toBeNull()
        yield* live(DAY_MS + 2 * HOUR_MS)
        const { disabled, failingSince } = yield* webhooks.get(subscription.id)
        expect(disabled).toMatchObject({ reason: "failing" })
        expect(disabled?.detail).toContain(failingSince)
        // It is kept for whoever puts it right.
        expect(yield* webhooks.deliveries({ status: "pending" })).toHaveLength(1)
      }).pipe(Effect.provide(sqliteWorld))
  )

  it.effect("failed long ago, and again after quiet days, is given its retries", () =>
    Effect.gen(function* () {
      const receivers = yield* Receivers
      const webhooks = yield* Webhooks
      receivers.behave(BAD, answering(500))
      const { subscription } = yield* subscribe(BAD, { retryForMs: 60_000 })
      yield* append(applied(1))
      yield* live(6 * DAY_MS)
      expect(yield* webhooks.deliveries({ status: "dead" })).toHaveLength(1)
      const before = receivers.received(BAD).length
      receivers.behave(BAD, (_, n) => Effect.succeed({ status: n <= before + 3 ? 500 : 200 }))
      yield* append(applied(2))
      yield* live(HOUR_MS)
      expect(receivers.received(BAD)).toHaveLength(before + 4)
      expect(yield* webhooks.get(subscription.id)).toMatchObject({
        disabled: null,
        failingSince: null
      })
    }).pipe(Effect.provide(sqliteWorld))
  )

  it.effect("is replaced leaves neither its pause nor its failures to the next", () =>
    Effect.gen(function* () {
      const receivers = yield* Receivers
      const webhooks = yield* Webhooks
      receivers.behave(BAD, answering(429, "3600"))
      const { subscription } = yield* subscribe(BAD)
      yield* append(applied(1))
      yield* round
      const kept = yield* webhooks.update(subscription.id, { url: BAD })
      expect(kept.failingSince).not.toBeNull()
      const moved = yield* webhooks.update(subscription.id, { url: GOOD })
      expect(moved.failingSince).toBeNull()
      yield* append(applied(2))
      yield* round
      expect(receivers.received(GOOD).map(({ event }) => event.subject)).toEqual([campaignOf(2)])
    }).pipe(Effect.provide(sqliteWorld))
  )
})
