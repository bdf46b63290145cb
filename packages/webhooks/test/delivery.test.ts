import { alsoReportingTo, type ProgressEvent } from "@campaignctl/core"
import { MemoryLedger } from "@campaignctl/core/testing"
import { describe, expect, it } from "@effect/vitest"
import { Effect, Redacted } from "effect"
import { TestClock } from "effect/testing"
import { Webhook } from "standardwebhooks"
import { forget } from "../src/delivery/deliver.ts"
import { DEFAULT_RETRY_FOR_MS, Webhooks } from "../src/index.ts"
import {
  append,
  applied,
  DAY_MS,
  HOUR_MS,
  live,
  observed,
  round,
  subscribe
} from "./support/steps.ts"
import { answering, Receivers, worlds } from "./support/world.ts"

const URL_A = "https://a.example.com/hook"
const URL_B = "https://b.example.com/hook"

describe.each(worlds)("deliveries on %s", (name, world) => {
  // What takes a hundred attempts of a file takes as many round trips to a server.
  const retryForMs = name === "SQLite" ? DEFAULT_RETRY_FOR_MS : 6 * HOUR_MS

  it.effect("tells a subscriber of a change, signed, and the ledger of that", () =>
    Effect.gen(function* () {
      const receivers = yield* Receivers
      yield* append(applied(1))
      const { secret, subscription } = yield* subscribe(URL_A)
      const entry = yield* append(applied(1))
      yield* round
      const [got, ...more] = receivers.received(URL_A)
      expect(more).toEqual([])
      expect(got?.event.type).toBe("campaign.state.changed")
      expect(got?.id).toBe(`${entry.id}:campaign.state.changed`)
      const headers = { ...got?.message.headers }
      expect(headers["x-genesys-source"]).toBe("campaign-state-manager")
      const signature = new Webhook(Redacted.value(secret)).sign(
        got?.id ?? "",
        new Date(got?.at ?? 0),
        got?.message.body ?? ""
      )
      expect(headers["webhook-signature"]).toBe(signature)
      const told = (yield* (yield* MemoryLedger).entries).filter(({ kind }) => kind === "delivery")
      expect(told).toHaveLength(1)
      expect(told[0]).toMatchObject({
        source: "webhooks",
        success: true,
        attempts: 1,
        delivery: {
          subscriptionId: subscription.id,
          receiver: "https://a.example.com/…",
          eventId: got?.id,
          eventSequence: entry.sequence,
          status: 204
        }
      })
      yield* live(HOUR_MS)
      expect(receivers.received(URL_A)).toHaveLength(1)
    }).pipe(Effect.provide(world))
  )

  it.effect("reports of each attempt what follows from it", () => {
    const results: Array<string> = []
    const listener = {
      report: (event: ProgressEvent) =>
        Effect.sync(() => {
          if (event._tag === "MessageSent") results.push(event.result)
        })
    }
    return Effect.gen(function* () {
      const receivers = yield* Receivers
      receivers.behave(URL_A, (_, n) => Effect.succeed({ status: [500, 204, 410][n - 1] ?? 204 }))
      yield* subscribe(URL_A)
      yield* append(applied(1))
      yield* live(HOUR_MS)
      yield* append(applied(2))
      yield* live(HOUR_MS)
      expect(results).toEqual(["again", "delivered", "dead"])
    }).pipe(alsoReportingTo(listener), Effect.provide(world))
  })

  it.effect("reaches a receiver that was down for an hour, in order, and others meanwhile", () =>
    Effect.gen(function* () {
      const receivers = yield* Receivers
      const webhooks = yield* Webhooks
      receivers.behave(URL_A, ({ at }) => Effect.succeed({ status: at < HOUR_MS ? 500 : 200 }))
      yield* subscribe(URL_A)
      yield* subscribe(URL_B)
      yield* append(applied(1))
      yield* append(observed(1, "draining", "paused", 1))
      yield* append(applied(2))
      yield* round
      expect(receivers.received(URL_B)).toHaveLength(4)
      yield* live(3 * HOUR_MS)
      const good = receivers.received(URL_A).filter(({ at }) => at >= HOUR_MS)
      expect(good).toHaveLength(4)
      const ofOne = good.filter(({ event }) => event.subject.endsWith("1"))
      expect(ofOne.map(({ event }) => event.type)).toEqual([
        "campaign.state.changed",
        "campaign.state.changed",
        "campaign.drained"
      ])
      // The first retry is five seconds later, and the next ones never sooner.
      const first = receivers.received(URL_A).filter(({ id }) => id === ofOne[0]?.id)
      expect(first[1]?.at).toBe((first[0]?.at ?? 0) + 5_000)
      const statuses = yield* webhooks.deliveries({})
      expect(new Set(statuses.map(({ status }) => status))).toEqual(new Set(["delivered"]))
    }).pipe(Effect.provide(world))
  )

  it.effect(
    "gives up when its time is over, keeps what is dead, and sends it again when asked",
    () =>
      Effect.gen(function* () {
        const receivers = yield* Receivers
        const webhooks = yield* Webhooks
        receivers.behave(URL_A, answering(500))
        const { subscription } = yield* subscribe(URL_A, { retryForMs })
        yield* append(applied(1))
        yield* live(retryForMs)
        const [dead] = yield* webhooks.deliveries({ status: "dead" })
        expect(dead).toMatchObject({ lastStatus: 500, subscriptionId: subscription.id })
        // What was delivered would be forgotten by now.
        yield* TestClock.adjust(30 * DAY_MS)
        yield* forget
        expect(yield* webhooks.deliveries({})).toEqual([dead])
        const attempts = receivers.received(URL_A).length
        expect(attempts).toBeGreaterThan(retryForMs / HOUR_MS)
        receivers.behave(URL_A, answering(200))
        expect(yield* webhooks.redeliver({ subscriptionId: subscription.id })).toBe(1)
        yield* round
        const got = receivers.received(URL_A)
        expect(got).toHaveLength(attempts + 1)
        expect(new Set(got.map(({ id }) => id)).size).toBe(1)
        const ends = (yield* (yield* MemoryLedger).entries).filter(
          ({ kind }) => kind === "delivery"
        )
        expect(ends.map(({ success }) => success)).toEqual([false, true])
      }).pipe(Effect.provide(world))
  )
})
