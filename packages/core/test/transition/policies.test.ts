import { expect } from "@effect/vitest"
import { Effect } from "effect"
import { CampaignPolicies, type CampaignPolicy, transition, unknown } from "../../src/index.ts"
import type { Unknown } from "../../src/index.ts"
import { portsOf, Probe } from "./probe.ts"
import { atNoon, requestFor, withLedger, worldWith } from "./fixtures.ts"

/** Starts a paused campaign that has five agents, at noon, under a policy of its own. */
const startUnder = (policy: CampaignPolicy | Unknown) => {
  const request = requestFor({ target: "active" })
  const probe = new Probe(worldWith({ status: "off" }), request, [], undefined)
  return atNoon.pipe(
    Effect.andThen(transition(request)),
    Effect.provide(portsOf(probe, false)),
    Effect.provideService(CampaignPolicies, { policyFor: () => Effect.succeed(policy) }),
    Effect.match({
      onSuccess: ({ verdicts }) => ({ done: true, verdicts }),
      onFailure: (error) => ({ done: false, verdicts: "verdicts" in error ? error.verdicts : [] })
    }),
    Effect.map(({ done, verdicts }) => ({
      done,
      against: verdicts.filter(({ status }) => status === "failed" || status === "unknown"),
      capacity: verdicts.find(({ guard }) => guard === "capacity")?.detail
    }))
  )
}

const hours = (from: string, to: string): CampaignPolicy => ({
  window: { zones: [{ zone: "UTC", slots: [{ from, to }] }] }
})

withLedger("judges a campaign by its own minimum of agents", () =>
  Effect.gen(function* () {
    const enough = yield* startUnder({ minimumAgents: 5 })
    expect(enough).toMatchObject({ done: true, capacity: expect.stringContaining("5 needed") })
    const few = yield* startUnder({ minimumAgents: 6 })
    expect(few.done).toBe(false)
    expect(few.against.map(({ guard, status }) => `${guard} ${status}`)).toEqual([
      "capacity failed"
    ])
  })
)

withLedger("judges a campaign by its own window", () =>
  Effect.gen(function* () {
    expect((yield* startUnder(hours("12:00", "13:00"))).done).toBe(true)
    const closed = yield* startUnder(hours("13:00", "14:00"))
    expect(closed.done).toBe(false)
    expect(closed.against.map(({ guard, status }) => `${guard} ${status}`)).toEqual([
      "callingWindow failed"
    ])
  })
)

withLedger("refuses to start where what is said of the campaign cannot be read", () =>
  Effect.gen(function* () {
    const unread = yield* startUnder(unknown("the database cannot be read."))
    expect(unread.done).toBe(false)
    expect(unread.against.map(({ guard, status }) => `${guard} ${status}`)).toEqual([
      "capacity unknown",
      "callingWindow unknown"
    ])
  })
)
