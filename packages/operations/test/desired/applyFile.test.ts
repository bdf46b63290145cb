import { expect, it } from "@effect/vitest"
import { AuditLog, CampaignPolicies, CampaignGateway, canonicalJson } from "@campaignctl/core"
import { GatewayWorld } from "@campaignctl/core/testing"
import { Effect, type Layer, Stream } from "effect"
import { TestClock } from "effect/testing"
import { applyFile } from "../../src/desired/applyFile.ts"
import { hasDifferences } from "../../src/desired/FilePlan.ts"
import type { FleetFile } from "../../src/desired/FleetFile.ts"
import { planFile } from "../../src/desired/planFile.ts"
import { layerCampaignPolicies, PolicyStore } from "../../src/desired/PolicyStore.ts"
import { fileOf, keep, Kept, NOON, worldOf } from "./support.ts"

const evening = {
  name: "evening",
  selector: { all: true },
  change: { target: "paused", pauseReason: "COMPLIANCE" },
  when: { cron: "0 20 * * *", zone: "Europe/Berlin" }
} as const

const applied = (file: FleetFile, digest: string) =>
  applyFile({ file, digest, requestedBy: "ada", source: "cli" })

/** Plans and applies what the plan said. */
const brought = (file: FleetFile) =>
  Effect.flatMap(planFile(file), ({ digest }) => applied(file, digest))

const inWorld = (
  name: string,
  test: (kept: Kept) => Effect.Effect<void, unknown, Layer.Success<ReturnType<typeof worldOf>>>
): void => {
  it.effect(name, () => {
    const kept = new Kept()
    return TestClock.setTime(NOON).pipe(Effect.andThen(test(kept)), Effect.provide(worldOf(kept)))
  })
}

inWorld("shows what differs, and nothing where nothing does", () =>
  Effect.gen(function* () {
    const world = yield* GatewayWorld
    yield* world.addCampaign({ name: "EMEA a", state: "active" })
    yield* world.addCampaign({ name: "EMEA b", state: "paused" })
    yield* world.addCampaign({ name: "US", state: "active" })
    const file = fileOf({
      campaigns: [
        { select: { namePattern: "EMEA *" }, state: "paused", pauseReason: "OTHER" },
        { select: { namePattern: "APAC *" }, state: "archived" }
      ]
    })
    const plan = yield* planFile(file)
    expect(plan.states).toMatchObject([
      { name: "EMEA a", from: "active", to: "paused", outcome: "allowed" }
    ])
    expect(plan.warnings).toEqual([expect.stringContaining("campaigns[1]")])
    const nothing = yield* planFile(fileOf({ campaigns: [] }))
    expect(hasDifferences(nothing)).toBe(false)
  })
)

inWorld("lets the first entry that selects a campaign speak for it", () =>
  Effect.gen(function* () {
    const world = yield* GatewayWorld
    yield* world.addCampaign({ name: "EMEA a", state: "active" })
    yield* world.addCampaign({ name: "US", state: "active" })
    const plan = yield* planFile(
      fileOf({
        campaigns: [
          { select: { namePattern: "EMEA *" }, state: "active" },
          { select: { all: true }, state: "paused", pauseReason: "OTHER" }
        ]
      })
    )
    expect(plan.states.map(({ name }) => name)).toEqual(["US"])
  })
)

inWorld("stops first, starts last, and keeps policies and schedules in between", (kept) =>
  Effect.gen(function* () {
    const world = yield* GatewayWorld
    const a = yield* world.addCampaign({ name: "a", state: "active" })
    const b = yield* world.addCampaign({ name: "b", state: "paused" })
    const file = fileOf({
      campaigns: [
        { select: { ids: [b] }, state: "active", window: "00:00-24:00 UTC", minimumAgents: 4 },
        { select: { ids: [a] }, state: "paused", pauseReason: "OTHER" }
      ],
      schedules: [evening]
    })
    yield* brought(file)
    expect(kept.specs).toMatchObject([
      { _tag: "Fleet", selector: { ids: [a] }, change: { target: "paused" } },
      { _tag: "Fleet", selector: { ids: [b] }, change: { target: "active" } }
    ])
    expect(kept.schedules.get("evening")?.managedBy).toBe("emea")
    const { all } = yield* PolicyStore
    expect(yield* all).toMatchObject([
      { campaignId: b, managedBy: "emea", policy: { minimumAgents: 4 } }
    ])
    // All but the states is as the file wants it; those are the operations' work.
    const left = yield* planFile(file)
    expect([left.policies, left.schedules]).toEqual([[], []])
    yield* applied(file, left.digest)
    const told = yield* AuditLog.use(({ query }) => Stream.runCollect(query({})))
    expect(told).toMatchObject([
      {
        kind: "rules-changed",
        campaignName: "emea",
        requestedBy: "ada",
        source: "cli",
        divisionId: null,
        rules: {
          what: "policies-applied",
          after: canonicalJson({ [b]: { minimumAgents: 4, window: "00:00-24:00 UTC" } })
        }
      }
    ])
  })
)

inWorld("judges starts by the window that the file brings", () =>
  Effect.gen(function* () {
    const world = yield* GatewayWorld
    const b = yield* world.addCampaign({ name: "b", state: "paused" })
    const outcomeIn = (window: string) =>
      Effect.map(
        planFile(fileOf({ campaigns: [{ select: { ids: [b] }, state: "active", window }] })),
        ({ states }) => states.map(({ outcome }) => outcome)
      )
    expect(yield* outcomeIn("12:00-13:00 UTC")).toEqual(["allowed"])
    expect(yield* outcomeIn("13:00-14:00 UTC")).toEqual(["rejected"])
  })
)

inWorld("refuses a plan that has grown stale, and then does nothing at all", (kept) =>
  Effect.gen(function* () {
    const world = yield* GatewayWorld
    const a = yield* world.addCampaign({ name: "a", state: "active" })
    const b = yield* world.addCampaign({ name: "b", state: "paused" })
    const file = fileOf({
      campaigns: [
        { select: { ids: [a, b] }, state: "paused", pauseReason: "OTHER", minimumAgents: 3 }
      ],
      schedules: [evening]
    })
    const { digest } = yield* planFile(file)
    expect((yield* planFile(file)).digest).toBe(digest)
    // Even where the difference is the same: somebody has touched what the file speaks of.
    yield* world.setState(b, "active")
    yield* world.setState(b, "paused")
    const error = yield* Effect.flip(applied(file, digest))
    expect(error._tag).toBe("PlanStale")
    const other = fileOf({ campaigns: [{ select: { ids: [a] }, minimumAgents: 9 }] })
    expect((yield* Effect.flip(applied(other, digest)))._tag).toBe("PlanStale")
    const { all } = yield* PolicyStore
    expect([kept.specs, [...kept.schedules], yield* all]).toEqual([[], [], []])
  })
)

inWorld("changes and removes only what it manages itself", (kept) =>
  Effect.gen(function* () {
    const world = yield* GatewayWorld
    const a = yield* world.addCampaign({ name: "a", state: "paused" })
    keep(kept, { ...evening, name: "by hand" })
    yield* brought(
      fileOf({ campaigns: [{ select: { ids: [a] }, minimumAgents: 3 }], schedules: [evening] })
    )
    const later = fileOf({
      schedules: [{ ...evening, when: { cron: "0 21 * * *", zone: "Europe/Berlin" } }]
    })
    expect(yield* planFile(later)).toMatchObject({
      policies: [{ campaignId: a, before: { minimumAgents: 3 }, after: null }],
      schedules: [{ name: "evening", change: "replace" }]
    })
    yield* brought(later)
    yield* brought(fileOf({}))
    expect([...kept.schedules.keys()]).toEqual(["by hand"])
    expect(yield* (yield* PolicyStore).all).toEqual([])
  })
)

inWorld("refuses what another file or a person keeps", (kept) =>
  Effect.gen(function* () {
    const world = yield* GatewayWorld
    const a = yield* world.addCampaign({ name: "a", state: "paused" })
    yield* brought(
      fileOf({ name: "other", campaigns: [{ select: { ids: [a] }, minimumAgents: 3 }] })
    )
    keep(kept, evening)
    const file = fileOf({
      campaigns: [{ select: { ids: [a] }, minimumAgents: 4 }],
      schedules: [evening]
    })
    const { digest, refusals } = yield* planFile(file)
    expect(refusals).toEqual([
      expect.stringContaining("“other”"),
      expect.stringContaining("added by hand")
    ])
    expect((yield* Effect.flip(applied(file, digest)))._tag).toBe("PlanRefused")
    expect(yield* (yield* PolicyStore).all).toMatchObject([{ policy: { minimumAgents: 3 } }])
  })
)

inWorld("does nothing of a plan that does not pass the caller's own check", (kept) =>
  Effect.gen(function* () {
    const world = yield* GatewayWorld
    const a = yield* world.addCampaign({ name: "a", state: "active" })
    const file = fileOf({
      campaigns: [
        { select: { ids: [a] }, state: "paused", pauseReason: "OTHER", minimumAgents: 3 }
      ],
      schedules: [evening]
    })
    const { digest } = yield* planFile(file)
    const refused = yield* Effect.flip(
      applyFile({
        file,
        digest,
        requestedBy: "ada",
        source: "cli",
        check: ({ policies }) => Effect.fail(policies.length)
      })
    )
    expect(refused).toBe(1)
    expect([kept.specs, [...kept.schedules]]).toEqual([[], []])
    expect(yield* (yield* PolicyStore).all).toEqual([])
  })
)

inWorld("gives the core what is kept of a campaign", () =>
  Effect.gen(function* () {
    const world = yield* GatewayWorld
    const a = yield* world.addCampaign({ name: "a", state: "paused" })
    const b = yield* world.addCampaign({ name: "b", state: "paused" })
    const file = fileOf({
      campaigns: [{ select: { ids: [a] }, window: "Mon-Fri 10:00-13:00 Europe/Paris" }]
    })
    yield* brought(file)
    const gateway = yield* CampaignGateway
    const policyOf = Effect.fnUntraced(function* (id: typeof a) {
      const { policyFor } = yield* CampaignPolicies
      return canonicalJson(JSON.parse(JSON.stringify(yield* policyFor(yield* gateway.get(id)))))
    })
    const found = yield* Effect.all([policyOf(a), policyOf(b)]).pipe(
      Effect.provide(layerCampaignPolicies)
    )
    expect(found).toEqual([
      canonicalJson(JSON.parse(JSON.stringify(file.entries[0]?.policy))),
      "{}"
    ])
  })
)
