import * as fc from "fast-check"
import { expect, it } from "vitest"
import { MANUAL_START } from "../src/index.ts"
import { seedWorld } from "../src/seed/seedWorld.ts"
import { renderCampaign } from "../src/world/Campaign.ts"
import type { Campaign } from "../src/world/Campaign.ts"
import { isActive } from "../src/world/CampaignStatus.ts"
import { etagOf, patchCampaignState } from "../src/world/EtagEdits.ts"
import { putCampaign, startCampaign, stopCampaign } from "../src/world/PlatformEdits.ts"
import { idleAgents } from "../src/world/Queue.ts"
import { Refusal } from "../src/world/Refusal.ts"
import type { World } from "../src/world/World.ts"
import type { WriteOrigin } from "../src/world/WriteLog.ts"

const CAMPAIGNS = 90
const API: WriteOrigin = { contract: "platform", by: "api", via: "PUT" }
/** Longer than the longest ring and talk together. */
const ALL_CALLS_ENDED_MS = 10_000

const command = fc.oneof(
  fc.record({
    kind: fc.constant("put" as const),
    index: fc.nat(CAMPAIGNS - 1),
    status: fc.constantFrom("on", "off", "complete", "stopping"),
    stale: fc.boolean()
  }),
  fc.record({
    kind: fc.constantFrom("start" as const, "stop" as const),
    index: fc.nat(CAMPAIGNS - 1)
  }),
  fc.record({
    kind: fc.constant("etag" as const),
    index: fc.nat(CAMPAIGNS - 1),
    state: fc.constantFrom("active", "paused", "completed", "archived"),
    drain: fc.boolean()
  }),
  fc.record({ kind: fc.constant("startAll" as const) }),
  fc.record({ kind: fc.constant("advance" as const), ms: fc.integer({ min: 100, max: 20_000 }) })
)
type Command = typeof command extends fc.Arbitrary<infer A> ? A : never

const attempt = (run: () => void): boolean => {
  try {
    run()
    return true
  } catch (error) {
    if (error instanceof Refusal) return false
    throw error
  }
}

const put = (world: World, campaign: Campaign, status: string, stale: boolean): boolean => {
  const body = {
    ...renderCampaign(campaign),
    campaignStatus: status,
    version: campaign.version - (stale ? 1 : 0)
  }
  return attempt(() => putCampaign(world, campaign, body, API, { decimalCallsPerAgent: true }))
}

const perform = (world: World, campaigns: ReadonlyArray<Campaign>, step: Command): void => {
  if (step.kind === "advance") return world.advanceTo(world.now + step.ms)
  if (step.kind === "startAll") {
    for (const campaign of campaigns) attempt(() => startCampaign(world, campaign, API))
    return
  }
  const campaign = campaigns[step.index]
  if (campaign === undefined) return
  if (step.kind === "start") attempt(() => startCampaign(world, campaign, API))
  if (step.kind === "stop") attempt(() => stopCampaign(world, campaign, API))
  if (step.kind === "put" && put(world, campaign, step.status, step.stale)) {
    expect(step.stale).toBe(false)
  }
  if (step.kind === "etag") {
    const body = { campaignstate: step.state, pauseReason: "OTHER", drainqueue: step.drain }
    attempt(() => patchCampaignState(world, campaign, body, etagOf(campaign), API))
  }
}

const live = (
  seed: number,
  commands: ReadonlyArray<Command>,
  check: (world: World) => void = () => undefined
): World => {
  const world = seedWorld({ seed, now: MANUAL_START, campaigns: CAMPAIGNS })
  const campaigns = [...world.campaigns.values()]
  for (const step of commands) {
    perform(world, campaigns, step)
    check(world)
  }
  return world
}

const histories = fc.array(command, { maxLength: 40 })

it("never has more than 50 active campaigns, and agents that add up", () => {
  fc.assert(
    fc.property(fc.nat(), histories, (seed, commands) => {
      live(seed, commands, (world) => {
        expect(world.activeCount()).toBeLessThanOrEqual(50)
        const calls = [...world.campaigns.values()].flatMap((campaign) => campaign.calls)
        for (const queue of world.queues.values()) {
          expect(queue.interacting).toBe(calls.filter((call) => call.agentOf === queue).length)
          expect(idleAgents(queue)).toBeGreaterThanOrEqual(0)
        }
        const active = [...world.campaigns.values()].filter(({ status }) => isActive(status))
        expect(world.activeCount()).toBe(active.length)
        expect(active.flatMap((campaign) => campaign.calls)).toHaveLength(calls.length)
        for (const campaign of world.campaigns.values()) {
          expect(campaign.contacts.called).toBeLessThanOrEqual(campaign.contacts.total)
        }
      })
    }),
    { numRuns: 60 }
  )
})

it("raises the version with every applied write, and applies none under a stale version", () => {
  fc.assert(
    fc.property(fc.nat(), histories, (seed, commands) => {
      const world = live(seed, commands)
      const versions = new Map<string, number>()
      for (const write of world.writes.entries()) {
        expect(write.versionAfter).toBe(write.versionBefore + 1)
        const last = versions.get(write.campaignId)
        expect(write.versionBefore).toBe(last ?? write.versionBefore)
        versions.set(write.campaignId, write.versionAfter)
      }
      for (const [id, version] of versions) expect(world.campaigns.get(id)?.version).toBe(version)
    }),
    { numRuns: 60 }
  )
})

it("ends every stopping once its calls have ended, and not before", () => {
  fc.assert(
    fc.property(fc.nat(), histories, (seed, commands) => {
      const world = live(seed, commands)
      for (const write of world.writes.entries().filter(({ via }) => via === "drain-end")) {
        expect(["stopping", "forced_stopping"]).toContain(write.from)
      }
      world.advanceTo(world.now + ALL_CALLS_ENDED_MS)
      const statuses = [...world.campaigns.values()].map((campaign) => campaign.status)
      expect(statuses).not.toContain("stopping")
      expect(statuses).not.toContain("forced_stopping")
    }),
    { numRuns: 40 }
  )
})

it("repeats itself exactly on the same seed and the same commands", () => {
  fc.assert(
    fc.property(fc.nat(), histories, (seed, commands) => {
      const [first, second] = [live(seed, commands), live(seed, commands)]
      expect(second.writes.entries()).toEqual(first.writes.entries())
      expect(second.events.newestFirst()).toEqual(first.events.newestFirst())
      expect([...second.campaigns.values()].map(renderCampaign)).toEqual(
        [...first.campaigns.values()].map(renderCampaign)
      )
    }),
    { numRuns: 30 }
  )
})

it("keeps every field of a campaign through a status change, whatever it holds", () => {
  fc.assert(
    fc.property(fc.dictionary(fc.stringMatching(/^x[a-z]{0,8}$/), fc.jsonValue()), (unknown) => {
      const world = seedWorld({ seed: 1, now: MANUAL_START, campaigns: 9 })
      const campaign = [...world.campaigns.values()].find(({ status }) => status === "off")
      if (campaign === undefined) throw new Error("No campaign is off.")
      // JSON.parse of JSON.stringify is what the wire does to the values.
      const extra = JSON.parse(JSON.stringify(unknown))
      campaign.document = { ...campaign.document, ...extra }
      const before = renderCampaign(campaign)
      expect(put(world, campaign, "on", false)).toBe(true)
      const after = renderCampaign(campaign)
      expect({ ...after, dateModified: 0 }).toEqual({
        ...before,
        dateModified: 0,
        version: campaign.version,
        campaignStatus: "on"
      })
      expect(Object.keys(after)).toEqual(Object.keys(before))
      expect(world.writes.entries().at(-1)?.changedFields).toEqual(["campaignStatus"])
    })
  )
})
