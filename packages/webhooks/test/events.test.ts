import { readFile } from "node:fs/promises"
import { type AuditDraft, type AuditEntry, CampaignState } from "@campaignctl/core"
import { auditDraft } from "@campaignctl/core/testing"
import { Schema } from "effect"
import fc from "fast-check"
import { describe, expect, inject, it } from "vitest"
import { isToldOf } from "../src/events/isToldOf.ts"
import { renderEvents } from "../src/events/renderEvents.ts"
import { eventJsonSchema, eventsOf, WebhookEvent } from "../src/index.ts"
import { applied, campaignOf } from "./support/steps.ts"

const ID = "019aa7c0-5b1e-7c3a-9d55-0d7c5f2f6a10"

const entry = (draft: AuditDraft, sequence = 42): AuditEntry => ({
  ...draft,
  id: ID,
  sequence,
  timestamp: "2026-11-23T09:00:00.000Z",
  previousHash: "0".repeat(64),
  hash: "1".repeat(64)
})

const typesOf = (draft: AuditDraft) => eventsOf(entry(draft)).map(({ type }) => type)

const sighted = (
  kind: "drift" | "observed",
  before: CampaignState | undefined,
  now: CampaignState
) =>
  auditDraft({
    kind,
    targetState: null,
    currentState: now,
    ...(before === undefined ? {} : { previousState: before })
  })

const halt = (overrides: Partial<AuditDraft> = {}) =>
  auditDraft({
    kind: "halt-raised",
    campaignId: "*",
    campaignName: "night",
    currentState: null,
    targetState: "paused",
    holdScope: {},
    ...overrides
  })

const fleet = auditDraft({
  kind: "fleet-finished",
  campaignId: "*",
  currentState: null,
  fleet: {
    operationId: "op-1",
    status: "partial",
    targetState: "paused",
    campaigns: { applied: 2, failed: 1 }
  }
})

describe("the events of an entry", () => {
  it.each<[string, AuditDraft, ReadonlyArray<string>]>([
    ["an intent", auditDraft(), []],
    ["a change that was applied", applied(), ["campaign.state.changed"]],
    [
      "one that an earlier run made",
      applied(1, { outcome: "recovered" }),
      ["campaign.state.changed"]
    ],
    ["one that left the state as it was", applied(1, { stateAfter: "active" }), []],
    [
      "one of an earlier version",
      auditDraft({ kind: "outcome", outcome: "applied", success: true }),
      ["campaign.state.changed"]
    ],
    ["one that failed", applied(1, { outcome: "failed", success: false }), []],
    ["one of which nothing is known", applied(1, { outcome: "unknown", success: false }), []],
    ["one that was not needed", applied(1, { outcome: "already-there" }), []],
    [
      "the end of a drain by a change",
      applied(1, { currentState: "draining", stateAfter: "paused" }),
      ["campaign.state.changed", "campaign.drained"]
    ],
    [
      "a refusal",
      auditDraft({ kind: "rejection", outcome: "rejected" }),
      ["campaign.transition.rejected"]
    ],
    [
      "a refusal after an intent",
      auditDraft({ kind: "outcome", outcome: "rejected" }),
      ["campaign.transition.rejected"]
    ],
    [
      "a drift",
      sighted("drift", "paused", "active"),
      ["campaign.drift.detected", "campaign.state.changed"]
    ],
    [
      "a drift from an unknown state",
      sighted("drift", undefined, "active"),
      ["campaign.drift.detected", "campaign.state.changed"]
    ],
    [
      "a drift that left the state",
      sighted("drift", "active", "active"),
      ["campaign.drift.detected"]
    ],
    [
      "the end of a drain",
      sighted("observed", "draining", "paused"),
      ["campaign.state.changed", "campaign.drained"]
    ],
    ["a list that ran out", sighted("observed", "active", "completed"), ["campaign.state.changed"]],
    [
      "a drain that somebody undid",
      sighted("observed", "draining", "active"),
      ["campaign.state.changed"]
    ],
    ["the end of a fleet", fleet, ["fleet.finished"]],
    ["a halt", halt(), ["halt.raised"]],
    ["a halt that is lifted", halt({ kind: "halt-lifted" }), ["halt.lifted"]],
    ["a delivery", auditDraft({ kind: "delivery" }), []],
    ["changed rules", auditDraft({ kind: "rules-changed" }), []]
  ])("of %s", (_what, draft, types) => {
    expect(typesOf(draft)).toEqual(types)
  })

  it("tells every violation of a refusal, and nothing that passed", () => {
    const draft = auditDraft({
      kind: "rejection",
      outcome: "rejected",
      verdicts: [
        { guard: "matrix", status: "passed", detail: "fine." },
        { guard: "capacity", status: "failed", detail: "1 agent of 2." },
        { guard: "callingWindow", status: "unknown", detail: "no zone." }
      ]
    })
    expect(eventsOf(entry(draft))[0]?.data).toMatchObject({
      violations: [
        { guard: "capacity", detail: "1 agent of 2." },
        { guard: "callingWindow", detail: "no zone." }
      ],
      state: "active"
    })
  })

  it("is the same for the same entry, fits its schema, and holds no note", () => {
    const state = fc.constantFrom(...CampaignState.literals)
    const drafts = fc.record({
      kind: fc.constantFrom(
        "intent",
        "outcome",
        "rejection",
        "drift",
        "observed",
        "halt-raised",
        "halt-lifted",
        "fleet-finished",
        "rules-changed",
        "delivery"
      ),
      outcome: fc.constantFrom(null, "applied", "rejected", "failed", "recovered"),
      success: fc.boolean(),
      currentState: fc.option(state),
      stateAfter: state,
      previousState: state,
      campaignName: fc.string({ minLength: 1 }),
      traceId: fc.option(fc.string())
    })
    const check = Schema.decodeUnknownSync(WebhookEvent, { onExcessProperty: "error" })
    const sequences = fc.tuple(fc.nat(), fc.nat())
    fc.assert(
      fc.property(drafts, sequences, (overrides, [one, other]) => {
        const draft = auditDraft({
          ...overrides,
          note: "hush",
          ...(overrides.kind === "fleet-finished" ? { fleet: fleet.fleet } : {})
        })
        const events = eventsOf(entry(draft, one))
        expect(eventsOf(entry(draft, one))).toEqual(events)
        for (const event of events) {
          expect(check(JSON.parse(JSON.stringify(event)))).toEqual(event)
          expect(JSON.stringify(event)).not.toContain("hush")
        }
        expect(new Set(events.map(({ id }) => id)).size).toBe(events.length)
        expect(events.map(({ sequence }) => sequence)).toEqual(
          events.map(({ sequence }) => sequence).toSorted()
        )
        const sorted = [one, other]
          .toSorted((a, b) => a - b)
          .map((at) => eventsOf(entry(draft, at))[0]?.sequence ?? "")
        expect(sorted).toEqual(sorted.toSorted())
      }),
      { numRuns: 1_000 * inject("scale") }
    )
  })
})

describe("who is told", () => {
  const all = { eventTypes: [], filter: {}, divisionIds: null } as const
  const change = (divisionId: string | null, campaign = 1) =>
    entry(applied(campaign, { divisionId }))
  const told = (wish: Partial<Parameters<typeof isToldOf>[0]>, of: AuditEntry) =>
    isToldOf({ ...all, ...wish }, of, eventsOf(of)[0]?.type as Parameters<typeof isToldOf>[2]) // of an entry

  it("follows types, filter and bounds", () => {
    expect(told({}, change(null))).toBe(true)
    expect(told({ eventTypes: ["campaign.state.changed"] }, change(null))).toBe(true)
    expect(told({ eventTypes: ["campaign.drained"] }, change(null))).toBe(false)
    expect(told({ filter: { divisionIds: ["north"] } }, change("north"))).toBe(true)
    expect(told({ filter: { divisionIds: ["north"] } }, change("south"))).toBe(false)
    expect(told({ filter: { divisionIds: ["north"] } }, change(null))).toBe(false)
    const mine = { campaignIds: [campaignOf(1) as never] } // the brand alone differs
    expect(told({ filter: mine }, change("north", 1))).toBe(true)
    expect(told({ filter: mine }, change("north", 2))).toBe(false)
    expect(told({ filter: { ...mine, divisionIds: ["south"] } }, change("north", 1))).toBe(false)
    expect(told({ divisionIds: ["north"] }, change("north"))).toBe(true)
    expect(told({ divisionIds: ["north"] }, change("south"))).toBe(false)
    expect(told({ divisionIds: ["north"] }, change(null))).toBe(false)
    expect(told({ divisionIds: [] }, change("north"))).toBe(false)
  })

  it("lets halts and fleets through a filter that they may concern, and to nobody who is bound to less", () => {
    const ofNorth = entry(halt({ holdScope: { divisionIds: ["north"] } }))
    expect(told({ filter: { divisionIds: ["north"] } }, entry(halt()))).toBe(true)
    expect(told({ filter: { divisionIds: ["north"] } }, ofNorth)).toBe(true)
    expect(told({ filter: { divisionIds: ["south"] } }, ofNorth)).toBe(false)
    expect(told({ filter: { divisionIds: ["south"] } }, entry(fleet))).toBe(true)
    expect(told({ divisionIds: ["north"] }, ofNorth)).toBe(true)
    expect(told({ divisionIds: ["south"] }, ofNorth)).toBe(false)
    expect(told({ divisionIds: ["north"] }, entry(halt()))).toBe(false)
    const ofBoth = entry(halt({ holdScope: { divisionIds: ["north", "south"] } }))
    expect(told({ divisionIds: ["north"] }, ofBoth)).toBe(false)
    expect(told({ divisionIds: ["north", "south"] }, ofBoth)).toBe(true)
    expect(told({ divisionIds: ["north"] }, entry(fleet))).toBe(false)
  })
})

describe("a change that was overtaken before it was recorded", () => {
  const before = entry(applied(1), 14)
  const later = { ...entry(applied(1), 15), id: "later" }
  const overtaken = { ...entry(applied(1), 16), id: "overtaken", overtakenBy: 15 }
  const places = (of: AuditEntry) => eventsOf(of).map(({ sequence }) => sequence)

  it("is told, says so, and has its place before the change that came after it", () => {
    const [event] = eventsOf(overtaken)
    expect(Schema.decodeUnknownSync(WebhookEvent)(event)).toEqual(event)
    expect(event?.data).toMatchObject({ overtaken: true, ledger: { sequence: 16 } })
    expect(eventsOf(later)[0]?.data).not.toHaveProperty("overtaken")
    const all = [before, overtaken, later].flatMap(places)
    expect(all.length).toBeGreaterThanOrEqual(3)
    expect(all.toSorted()).toEqual(all)
  })
})

describe("the documentation", () => {
  const read = (name: string) => readFile(new URL(`../docs/${name}`, import.meta.url), "utf8")

  it("has the table of the events", async () => {
    const [, table] =
      /<!-- events: generated -->\n+(.*?)\n+<!-- \/events -->/s.exec(await read("events.md")) ?? []
    expect(table).toBe(renderEvents())
  })

  it("has an event that fits the schema", async () => {
    const [, example = ""] = /```json\n(.*?)```/s.exec(await read("events.md")) ?? []
    const event = Schema.decodeUnknownSync(WebhookEvent, { onExcessProperty: "error" })(
      JSON.parse(example)
    )
    const draft = applied(1, {
      divisionId: "north",
      lockBefore: "7" as never,
      lockAfter: "8" as never,
      campaignName: "Winter renewals",
      pauseReason: "AGENT_CAPACITY"
    })
    expect(eventsOf(entry(draft))).toEqual([event])
  })

  it("has the schema of the events", async () => {
    expect(JSON.parse(await read("events.schema.json"))).toEqual(eventJsonSchema())
  })
})
