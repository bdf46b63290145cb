import { MemoryLedger } from "@campaignctl/core/testing"
import { expect, it } from "@effect/vitest"
import { Clock, Effect, Fiber } from "effect"
import { TestClock } from "effect/testing"
import fc from "fast-check"
import { inject } from "vitest"
import { deliverOver, NoAnswer, Webhooks } from "../src/index.ts"
import { append, applied, HOUR_MS, subscribe } from "./support/steps.ts"
import { type Behaviour, Receivers, sqliteWorld } from "./support/world.ts"

const URLS = ["https://a.example.com/", "https://b.example.com/"] as const

/** What one attempt meets: an answer after a while, none at all, or a connection that breaks. */
const outcome = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ after: fc.integer({ min: 0, max: 3_000 }), status: fc.constant(200) })
  },
  {
    weight: 3,
    arbitrary: fc.record({
      after: fc.integer({ min: 0, max: 20_000 }),
      status: fc.constantFrom(200, 302, 400, 404, 429, 500, 503, null)
    })
  }
)

/** What happens in a world: a change is recorded, time goes by, the deliverer is killed and another begins. */
const event = fc.oneof(
  { weight: 4, arbitrary: fc.record({ change: fc.integer({ min: 1, max: 4 }) }) },
  { weight: 3, arbitrary: fc.record({ wait: fc.integer({ min: 1, max: 9_000 }) }) },
  { weight: 1, arbitrary: fc.constant({ crash: true } as const) }
)

const behaving =
  (script: ReadonlyArray<{ readonly after: number; readonly status: number | null }>): Behaviour =>
  (_received, n) => {
    const step = script[n - 1]
    if (step === undefined) return Effect.succeed({ status: 204 })
    const answer =
      step.status === null
        ? Effect.fail(new NoAnswer({ reason: "unreachable", detail: "No answer: ECONNRESET." }))
        : Effect.succeed({ status: step.status })
    return Effect.delay(answer, step.after)
  }

const history = (
  scripts: ReadonlyArray<Parameters<typeof behaving>[0]>,
  events: ReadonlyArray<{ readonly change?: number; readonly wait?: number; readonly crash?: true }>
) =>
  Effect.gen(function* () {
    const receivers = yield* Receivers
    const webhooks = yield* Webhooks
    for (const [index, url] of URLS.entries()) {
      receivers.behave(url, behaving(scripts[index] ?? []))
      yield* subscribe(url)
    }
    let running = yield* Effect.forkChild(deliverOver)
    for (const { change, crash, wait } of events) {
      if (change !== undefined) yield* append(applied(change))
      if (wait !== undefined) yield* TestClock.adjust(wait)
      if (crash === true) {
        yield* Fiber.interrupt(running)
        running = yield* Effect.forkChild(deliverOver)
      }
    }
    // Until all is over; the time of every retry that is left is far below.
    const end = (yield* Clock.currentTimeMillis) + 12 * HOUR_MS
    let open = yield* webhooks.deliveries({ limit: 10_000 })
    for (
      let step = 1_000;
      (yield* Clock.currentTimeMillis) < end;
      step = Math.min(step * 2, 60_000)
    ) {
      yield* TestClock.adjust(step)
      open = yield* webhooks.deliveries({ status: "pending", limit: 1 })
      const unaudited = (yield* webhooks.deliveries({ limit: 10_000 })).some(
        ({ auditSequence }) => auditSequence === null
      )
      if (open.length === 0 && !unaudited) break
    }
    yield* Fiber.interrupt(running)
    expect(open).toEqual([])
    const recorded = yield* (yield* MemoryLedger).entries
    const changes = recorded.filter(({ kind }) => kind === "outcome")
    for (const url of URLS) {
      const got = receivers.received(url)
      // All that happened was told, and nothing that did not.
      expect(new Set(got.map(({ id }) => id))).toEqual(
        new Set(changes.map(({ id }) => `${id}:campaign.state.changed`))
      )
      // The first telling of each is in the order in which it happened, for each campaign.
      for (const [, ofCampaign] of Map.groupBy(got, ({ event }) => event.subject)) {
        const first = [...new Map(ofCampaign.toReversed().map((one) => [one.id, one])).values()]
          .toSorted((one, other) => ofCampaign.indexOf(one) - ofCampaign.indexOf(other))
          .map(({ event }) => event.sequence)
        expect(first).toEqual(first.toSorted())
        // Nothing is told again once something later of the campaign was.
        const all = ofCampaign.map(({ event }) => event.sequence)
        expect(all).toEqual(all.toSorted())
      }
      // What is told twice is the same, to the letter.
      for (const [, same] of Map.groupBy(got, ({ id }) => id))
        expect(new Set(same.map(({ message }) => message.body)).size).toBe(1)
    }
    // The ledger tells of each end once.
    const ends = recorded.filter(({ kind }) => kind === "delivery")
    expect(ends).toHaveLength(changes.length * URLS.length)
    expect(
      new Set(ends.map(({ delivery }) => `${delivery?.subscriptionId} ${delivery?.eventId}`)).size
    ).toBe(ends.length)
  }).pipe(Effect.provide(sqliteWorld), Effect.provide(TestClock.layer()), Effect.scoped)

it("tells all that happened, in order for each campaign, whatever receivers do and whenever it is killed", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.tuple(fc.array(outcome, { maxLength: 12 }), fc.array(outcome, { maxLength: 12 })),
      fc.array(event, { maxLength: 30 }),
      (scripts, events) => Effect.runPromise(history(scripts, events))
    ),
    { numRuns: 30 * inject("scale") }
  )
})
