import { MemoryLedger } from "@campaignctl/core/testing"
import { describe, expect, it } from "@effect/vitest"
import { Effect, Fiber } from "effect"
import { deliverOver, Webhooks } from "../src/index.ts"
import { append, applied, subscribe } from "./support/steps.ts"
import { Receivers, worlds } from "./support/world.ts"

const URLS = ["https://a.example.com/", "https://b.example.com/"] as const
const CAMPAIGNS = 4
const CHANGES = 80

describe.each(worlds)("two deliverers at once on %s", (_name, world) => {
  // It is to be one at a time, but a process that was thought dead may come back.
  it.live("leave nothing unsent and mix up no order, while what was sent is repeated", () =>
    Effect.gen(function* () {
      const receivers = yield* Receivers
      const webhooks = yield* Webhooks
      for (const url of URLS) {
        receivers.behave(url, (_, n) => Effect.delay(Effect.succeed({ status: 200 }), n % 7))
        yield* subscribe(url)
      }
      const running = yield* Effect.forkChild(
        Effect.all([deliverOver, deliverOver], { concurrency: 2, discard: true })
      )
      for (let n = 0; n < CHANGES; n += 1) {
        yield* append(applied(1 + (n % CAMPAIGNS)))
        const [old] = yield* webhooks.deliveries({ status: "delivered", limit: 1 })
        if (n % 9 === 0 && old !== undefined)
          yield* Effect.ignore(webhooks.redeliver({ deliveryId: old.id }))
        yield* Effect.sleep(n % 5)
      }
      for (;;) {
        const all = yield* webhooks.deliveries({ limit: 10_000 })
        const ended = all.filter(({ auditSequence }) => auditSequence !== null)
        if (all.length === CHANGES * URLS.length && ended.length === all.length) break
        yield* Effect.sleep(50)
      }
      yield* Fiber.interrupt(running)
      const recorded = yield* (yield* MemoryLedger).entries
      const changes = recorded.filter(({ kind }) => kind === "outcome")
      for (const url of URLS) {
        const first = new Map(
          receivers
            .received(url)
            .toReversed()
            .map(({ event, id }) => [id, event] as const)
        )
        expect(first.size).toBe(changes.length)
        const inOrder = receivers
          .received(url)
          .filter(({ event, id }) => first.get(id) === event)
          .map(({ event }) => event)
        for (const [, of] of Map.groupBy(inOrder, ({ subject }) => subject)) {
          const sequences = of.map(({ sequence }) => sequence)
          expect(sequences).toEqual(sequences.toSorted())
        }
      }
    }).pipe(Effect.provide(world))
  )
})
