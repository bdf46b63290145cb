import {
  BudgetUnavailable,
  GenesysRefused,
  GenesysUnavailable,
  NotAuthenticated,
  PermissionMissing,
  RateLimited
} from "@campaignctl/core"
import { describe, expect, it } from "@effect/vitest"
import { Effect, Random } from "effect"
import fc from "fast-check"
import { inject } from "vitest"
import {
  type ChannelFailure,
  channelSurvives,
  pauseAfter
} from "../../src/notifications/afterFailure.ts"
import { LONGEST_PAUSE_MS, SLOW_PAUSE_MS } from "../../src/notifications/limits.ts"
import { SocketRefused } from "../../src/notifications/Socket.ts"

const RUNS = 300 * inject("scale")

const unavailable = (status?: number) =>
  new GenesysUnavailable({
    reason: "server-error",
    detail: "as the test wants",
    ...(status === undefined ? {} : { status })
  })
const refused = new GenesysRefused({ status: 404, genesysCode: "not.found", detail: "gone" })
const login = new NotAuthenticated({ detail: "no" })
const permission = new PermissionMissing({ permission: "notifications", detail: "no" })

const upgrade = (status?: number) =>
  new SocketRefused({ why: "as the test wants", ...(status === undefined ? {} : { status }) })

describe("a channel", () => {
  it.each<readonly [string, ChannelFailure, boolean]>([
    ["a server that is away", unavailable(503), true],
    ["a lost connection", unavailable(), true],
    ["too many requests", new RateLimited({}), true],
    ["a budget that nobody counts", new BudgetUnavailable(), true],
    ["a login that fails", login, true],
    ["a socket that is not reached", upgrade(), true],
    ["a socket that a busy server refuses", upgrade(429), true],
    ["a socket of no such channel", upgrade(404), false],
    ["a second socket", upgrade(409), false],
    ["a socket that ends at once", new SocketRefused({ why: "ended", ofChannel: true }), false],
    ["a channel that is gone", refused, false],
    ["a foreign channel", permission, false],
    ["an address that is no API", unavailable(404), false]
  ])("after %s is tried again, or given up", (_, failure, survives) => {
    expect(channelSurvives(failure)).toBe(survives)
  })
})

const pause = (failures: number, failure: ChannelFailure | undefined, seed: number) =>
  Effect.runSync(Random.withSeed(pauseAfter(failures, failure), seed))

describe("the pause before the next attempt", () => {
  it("is at most the doubled ceiling on top of what the server asked for, and never less than that", () => {
    fc.assert(
      fc.property(
        fc.nat({ max: 100 }),
        fc.nat({ max: 600_000 }),
        fc.nat(),
        (failures, asked, seed) => {
          const ceiling = Math.min(LONGEST_PAUSE_MS, 1_000 * 2 ** Math.max(0, failures - 1))
          expect(pause(failures, undefined, seed)).toBeLessThanOrEqual(ceiling)
          const limited = pause(failures, new RateLimited({ retryAfterMs: asked }), seed)
          expect(limited).toBeGreaterThanOrEqual(asked)
          expect(limited).toBeLessThanOrEqual(asked + ceiling)
        }
      ),
      { numRuns: RUNS }
    )
  })

  it("is long where somebody has to change something first", () => {
    for (const failure of [login, permission]) {
      expect(pause(1, failure, 1)).toBeGreaterThanOrEqual(SLOW_PAUSE_MS)
      expect(pause(1, failure, 1)).toBeLessThanOrEqual(2 * SLOW_PAUSE_MS)
    }
  })

  it("is spread over the whole of its ceiling", () => {
    const pauses = Array.from({ length: 200 }, (_, seed) => pause(7, undefined, seed))
    expect(Math.min(...pauses)).toBeLessThan(LONGEST_PAUSE_MS / 4)
    expect(Math.max(...pauses)).toBeGreaterThan((LONGEST_PAUSE_MS * 3) / 4)
  })
})
