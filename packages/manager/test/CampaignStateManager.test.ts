import type { AuditEntry, AuditQuery } from "@campaignctl/core"
import { expect, expectTypeOf, it } from "vitest"
import { auditFields } from "../src/fields.ts"
import {
  type AuditFilter,
  type AuditRecord,
  CampaignctlError,
  TransitionRejectedError
} from "../src/index.ts"
import { collect } from "./support/collect.ts"
import { memoryPorts } from "./support/memoryPorts.ts"
import { thrownBy } from "./support/thrownBy.ts"

const UNKNOWN_ID = "11111111-1111-4111-8111-111111111111"

const anyCapacity = [{ guard: "capacity", note: "agents log in at nine" }] as const

/** Whether a value is plain data all the way down: what JSON carries, and undefined. */
const isPlain = (value: unknown): boolean =>
  value === null ||
  ["string", "number", "boolean", "undefined"].includes(typeof value) ||
  (Array.isArray(value) && value.every(isPlain)) ||
  (typeof value === "object" &&
    value !== null &&
    Object.getPrototypeOf(value) === Object.prototype &&
    !("_tag" in value) &&
    Object.values(value).every(isPlain))

it("pauses a campaign and tells what it did, in plain data", async () => {
  const ports = await memoryPorts()
  const id = await ports.addCampaign("Winter renewals", "active", 3)
  await using manager = ports.manager()
  const report = await manager.transitionState(id.toUpperCase(), "paused", "COMPLIANCE", {
    note: "asked by the regulator",
    requestedBy: "grace"
  })
  expect(report).toMatchObject({
    outcome: "applied",
    campaignId: id,
    campaignName: "Winter renewals",
    from: "active",
    state: "draining",
    target: "paused",
    attempts: 1,
    lockBefore: "1",
    lockAfter: "2",
    auditSequence: 2
  })
  expect(isPlain(report)).toBe(true)
  expect(await ports.entries()).toMatchObject([
    { kind: "intent", requestedBy: "grace", note: "asked by the regulator", source: "library" },
    { kind: "outcome", outcome: "applied", pauseReason: "COMPLIANCE" }
  ])
  const again = await manager.transitionState(id, "paused", "COMPLIANCE")
  expect(again).toMatchObject({ outcome: "already-there", attempts: 0 })
  expect((await ports.entries()).at(-1)).toMatchObject({ requestedBy: "ada" })
})

it("tells the current state, with the reason of a pause that the ledger knows", async () => {
  const ports = await memoryPorts()
  const id = await ports.addCampaign("Winter renewals")
  await using manager = ports.manager()
  const before = await manager.getCurrentState(id)
  expect(before).toMatchObject({ id, state: "active", status: "on", pauseReason: null, lock: "1" })
  expect(before).toMatchObject({ drifted: false, queue: { name: "Memory queue" } })
  expect(isPlain(before)).toBe(true)
  await manager.transitionState(id, "paused", "AGENT_CAPACITY")
  const after = await manager.getCurrentState(id)
  expect(after).toMatchObject({ state: "paused", pauseReason: "AGENT_CAPACITY" })
  await ports.run(ports.world.setState(id, "completed"))
  expect(await manager.getCurrentState(id)).toMatchObject({ state: "completed", pauseReason: null })
})

it("rejects a refused change with every violation, and explains the same without acting", async () => {
  const ports = await memoryPorts()
  const id = await ports.addCampaign("Winter renewals")
  await using manager = ports.manager()
  await manager.transitionState(id, "archived")
  const explained = await manager.explain(id, "active")
  expect(explained.outcome).toBe("rejected")
  expect(explained.violations.map(({ guard }) => guard)).toEqual(["matrix", "capacity"])
  expect(isPlain(explained)).toBe(true)

  const writes = await ports.run(ports.world.writes)
  const error = await thrownBy(() => manager.transitionState(id, "active"))
  expect(error).toBeInstanceOf(TransitionRejectedError)
  expect(error).toBeInstanceOf(CampaignctlError)
  expect(error).toMatchObject({
    name: "TransitionRejectedError",
    code: "TRANSITION_REJECTED",
    campaignId: id,
    state: "archived",
    target: "active",
    violations: explained.violations,
    // The sentence of the calling window tells the time of day, which has gone on since.
    verdicts: explained.verdicts.map(({ guard, status }) => ({ guard, status }))
  })
  expect(await ports.run(ports.world.writes)).toEqual(writes)
})

it("ends in a conflict where the campaign is not the one that the caller saw", async () => {
  const ports = await memoryPorts()
  const id = await ports.addCampaign("Winter renewals")
  await using manager = ports.manager()
  const { lock } = await manager.getCurrentState(id)
  await ports.run(ports.world.setState(id, "paused"))
  const options = { expectedLock: lock, requestId: "order-7", overrides: anyCapacity }
  expect(await thrownBy(() => manager.transitionState(id, "active", null, options))).toMatchObject({
    name: "LockConflictError",
    code: "LOCK_CONFLICT",
    campaignId: id
  })
  const current = { ...options, expectedLock: (await manager.getCurrentState(id)).lock }
  await manager.transitionState(id, "active", null, current)
  const trail = await collect(manager.auditTrail({ requestId: "order-7" }))
  expect(trail.at(-1)).toMatchObject({ outcome: "applied", requestId: "order-7" })
})

it("has every field of the audit, and every part of its query", () => {
  expectTypeOf<keyof AuditRecord>().toEqualTypeOf<keyof AuditEntry>()
  expectTypeOf<AuditEntry>().toExtend<AuditRecord>()
  expectTypeOf<keyof AuditFilter>().toEqualTypeOf<keyof AuditQuery>()
  expect(Object.keys(auditFields)).toHaveLength(12)
})

it("passes overrides and the restart on", async () => {
  const ports = await memoryPorts()
  const id = await ports.addCampaign("Winter renewals")
  await ports.run(ports.world.setState(id, "completed"))
  await using manager = ports.manager()
  const overrides = anyCapacity
  const refused = await manager.explain(id, "active", { overrides })
  expect(refused.violations.map(({ guard }) => guard)).toEqual(["matrix"])
  const report = await manager.transitionState(id, "active", null, { overrides, restart: true })
  expect(report.state).toBe("active")
  expect(report.verdicts).toContainEqual(
    expect.objectContaining({ guard: "capacity", status: "overridden", overrode: "unknown" })
  )
})

it("waits for the drain, as long as it is told to", async () => {
  const ports = await memoryPorts()
  const id = await ports.addCampaign("Winter renewals", "active", 2)
  await using manager = ports.manager()
  await manager.transitionState(id, "paused", "OTHER")
  const first = await manager.awaitDrain(id, { timeoutMs: 0 })
  expect(first).toMatchObject({ outcome: "still-draining", state: "draining", polls: 1 })
  expect(isPlain(first)).toBe(true)
  await ports.run(ports.world.endCalls(id))
  expect(await manager.awaitDrain(id)).toMatchObject({ outcome: "drained", state: "paused" })
  await ports.run(ports.world.setState(id, "active"))
  expect(await manager.awaitDrain(id)).toMatchObject({ outcome: "resumed", state: "active" })
})

it("lists campaigns page by page, only as far as it is asked", async () => {
  const ports = await memoryPorts()
  for (let n = 1; n <= 250; n++) await ports.addCampaign(`Campaign ${n}`)
  await using manager = ports.manager()
  const names: Array<string> = []
  for await (const { name } of manager.listCampaigns()) {
    names.push(name)
    if (names.length === 101) break
  }
  expect(names.at(-1)).toBe("Campaign 101")
  expect(await ports.requests()).toBe(2)
  const some = await collect(manager.listCampaigns({ namePrefix: "campaign 24" }))
  expect(some.map(({ name }) => name)).toEqual([
    "Campaign 24",
    ...Array.from({ length: 10 }, (_, n) => `Campaign 24${n}`)
  ])
  expect(isPlain(some)).toBe(true)
})

it("reads the audit trail by filter, and verifies it", async () => {
  const ports = await memoryPorts()
  const id = await ports.addCampaign("Winter renewals")
  await using manager = ports.manager()
  await manager.transitionState(id, "paused", "OTHER")
  const trail = await collect(manager.auditTrail({ campaignId: id, newestFirst: true }))
  expect(trail.map(({ kind }) => kind)).toEqual(["outcome", "intent"])
  expect(await collect(manager.auditTrail({ until: "2001-01-01" }))).toEqual([])
  expect(await manager.verifyAudit()).toEqual({
    intact: true,
    entries: 2,
    headHash: trail[0]?.hash,
    firstBadSequence: null,
    why: null
  })
})

it("registers webhooks at the given address", async () => {
  const ports = await memoryPorts()
  await using manager = ports.manager()
  expect(await manager.registerWebhook("https://wfm.example/known")).toEqual({
    id: "existing",
    alreadyRegistered: true
  })
  expect(await manager.registerWebhook("https://wfm.example/new")).toEqual({
    id: "hook-1",
    alreadyRegistered: false
  })
  expect(await thrownBy(() => manager.registerWebhook())).toMatchObject({
    code: "REQUEST_INVALID",
    problems: [{ key: "url", found: "nothing" }]
  })
})

it("names a campaign that is not there", async () => {
  const ports = await memoryPorts()
  await using manager = ports.manager()
  expect(await thrownBy(() => manager.getCurrentState(UNKNOWN_ID))).toMatchObject({
    name: "CampaignNotFoundError",
    code: "CAMPAIGN_NOT_FOUND",
    campaignId: UNKNOWN_ID
  })
})
