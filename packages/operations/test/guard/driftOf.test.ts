import { CampaignId, LockToken, notGathered } from "@campaignctl/core"
import { assert, describe, it } from "@effect/vitest"
import { driftOf } from "../../src/guard/driftOf.ts"
import { type GuardMemory, newMemory } from "../../src/guard/GuardMemory.ts"
import type { Sight } from "../../src/guard/Sight.ts"

const NOW = Date.UTC(2026, 10, 23, 12)

const sight = (lock: string, part: Partial<Sight>): Sight => ({
  campaign: {
    id: CampaignId.make("77777777-7777-4777-8777-000000000001"),
    name: "Winter renewals",
    status: "off",
    lock: LockToken.make(lock),
    observedAt: NOW,
    original: null
  },
  heard: true,
  state: "paused",
  knownStatus: true,
  contradicted: false,
  word: { sequence: 12, kind: "drift", says: "paused by somebody else", pausedUnder: null },
  agents: notGathered,
  minimumAgents: 1,
  window: { _tag: "Open" },
  hold: null,
  acts: [],
  unbroken: true,
  ...part
})

describe("a change made elsewhere that the ledger tells of already", () => {
  const running: GuardMemory = { ...newMemory, baseline: "active" }
  const told = { kind: "stop", at: NOW, lock: "6", sequence: 12 } as const

  it("is known with the first look, and not recorded again", () => {
    const found = driftOf(running, sight("6", { state: "draining" }), NOW)
    assert.deepStrictEqual([found.drift, found.fresh], [told, null])
    const suspected = { ...running, suspect: { sequence: 11 } }
    assert.deepStrictEqual(driftOf(suspected, sight("6", {}), NOW).drift, told)
  })

  it("is none where nothing has changed since the look before", () => {
    assert.isNull(driftOf({ ...newMemory, baseline: "paused" }, sight("6", {}), NOW).drift)
  })

  it.each([
    ["the end of its drain may move its lock by one", "draining", "7", "7"],
    ["by two, somebody has touched it", "draining", "8", "6"],
    ["nothing drained", "paused", "7", "6"]
  ] as const)("stays known under its lock: %s", (_why, baseline, lock, expected) => {
    const found = driftOf({ ...newMemory, baseline, drift: told }, sight(lock, {}), NOW)
    assert.strictEqual(found.drift?.lock, expected)
  })
})

describe("a change made elsewhere that the ledger does not tell of", () => {
  const word = { sequence: 12, kind: "outcome", says: "active by ada", pausedUnder: null } as const
  const contradicted = { contradicted: true, word } satisfies Partial<Sight>
  const first = driftOf({ ...newMemory, baseline: "active" }, sight("6", contradicted), NOW)
  const suspecting: GuardMemory = { ...newMemory, baseline: "active", suspect: first.suspect }

  it.each([["6"], ["7"], ["9"]])(
    "is known with the second look, whoever edited the campaign in between: lock %s",
    (lock) => {
      assert.isNull(first.fresh)
      const second = driftOf(suspecting, sight(lock, contradicted), NOW)
      assert.deepStrictEqual(second.fresh, { kind: "stop", at: NOW, lock, sequence: 12 })
    }
  )

  it("is looked at anew where the ledger has newer word", () => {
    const newer = { ...contradicted, word: { ...word, sequence: 15 } }
    assert.isNull(driftOf(suspecting, sight("6", newer), NOW).fresh)
  })
})
