import {
  AuditLog,
  type AuditDraft,
  type CampaignId,
  type HoldScope,
  inScope,
  transition,
  CampaignGateway
} from "@campaignctl/core"
import { GatewayWorld, MemoryLedger } from "@campaignctl/core/testing"
import { Effect, Fiber, Random } from "effect"
import { TestClock } from "effect/testing"
import fc from "fast-check"
import { expect, inject, it } from "vitest"
import { type HaltReport, haltSucceeded, liftHold, runHalt } from "../../src/halt/index.ts"
import { allThatCan } from "./support/allThatCan.ts"
import { haltWorld, type Mishap, type Mishaps, Witness } from "./support/HaltWorld.ts"
import { MemoryHolds } from "./support/memoryHoldStore.ts"

const RUNS = 200 * inject("scale")
const SEED = Number(process.env["CAMPAIGNCTL_TEST_SEED"] ?? Date.now() % 2 ** 31)

/** Milliseconds after which nobody disturbs the halt any more. */
const PEACE_MS = 60_000
const DEADLINE_MS = 600_000
/** A request's longest time, and so the latest landing of a start after it was decided. */
const REQUEST_MS = 16_000

const mishaps = (length: number) =>
  fc.array(
    fc.oneof(
      { weight: 3, arbitrary: fc.constant<Mishap>({ kind: "none" }) },
      {
        weight: 4,
        arbitrary: fc.constantFrom<Mishap>(
          { kind: "lostBefore" },
          { kind: "lostAfter" },
          { kind: "refused" },
          { kind: "conflict" },
          { kind: "gone" },
          { kind: "permission" },
          { kind: "rateLimited" }
        )
      },
      {
        weight: 1,
        arbitrary: fc
          .constantFrom(100, 5_000, 60_000)
          .map((retryAfterMs): Mishap => ({ kind: "rateLimited", retryAfterMs }))
      },
      {
        weight: 1,
        arbitrary: fc
          .integer({ min: 1, max: REQUEST_MS })
          .map((ms): Mishap => ({ kind: "slow", ms }))
      }
    ),
    { maxLength: length }
  )

const acts = fc.constantFrom(
  "human-on",
  "human-on",
  "start",
  "start",
  "end-calls",
  "ledger-breaks",
  "ledger-mends",
  "holds-break",
  "holds-mend"
)

const scenarios = fc.record({
  campaigns: fc.array(
    fc.record({
      name: fc.constantFrom("Sales", "Service"),
      state: fc.constantFrom("active", "active", "paused", "completed", "invalid"),
      calls: fc.nat(2)
    }),
    { minLength: 1, maxLength: 8 }
  ),
  scope: fc.constantFrom("all", "sales", "ids"),
  trouble: fc.record({
    stops: mishaps(20),
    lists: mishaps(8),
    startTakesMs: fc.constantFrom(0, 500, REQUEST_MS),
    journalBroken: fc.boolean()
  }),
  early: fc.array(fc.nat(7), { maxLength: 3 }),
  events: fc.array(
    fc.record({ atMs: fc.integer({ min: 0, max: PEACE_MS }), act: acts, which: fc.nat(7) }),
    { maxLength: 12 }
  ),
  seed: fc.nat()
})

type Scenario = typeof scenarios extends fc.Arbitrary<infer A> ? A : never

const start = (campaignId: CampaignId) =>
  transition({ campaignId, target: "active", requestedBy: "bob", source: "library" })

const play = (scenario: Scenario, witness: Witness) =>
  Effect.gen(function* () {
    const world = yield* GatewayWorld
    const ids = yield* Effect.forEach(scenario.campaigns, (campaign) => world.addCampaign(campaign))
    const idOf = (which: number): CampaignId => {
      const id = ids[which % ids.length]
      if (id === undefined) throw new Error("a scenario has a campaign at least")
      return id
    }
    const scope: HoldScope =
      scenario.scope === "all"
        ? {}
        : scenario.scope === "sales"
          ? { namePattern: "sales*" }
          : { ids: ids.filter((_, index) => index % 2 === 0) }
    const [ledger, holds] = [yield* MemoryLedger, yield* MemoryHolds]

    for (const which of scenario.early) yield* Effect.forkChild(Effect.exit(start(idOf(which))))
    yield* allThatCan
    const halting = yield* Effect.forkChild(
      runHalt({
        name: "Easter",
        scope,
        pauseReason: "COMPLIANCE",
        requestedBy: "ada",
        source: "cli",
        requestId: "halt-1",
        proofDeadlineMs: DEADLINE_MS
      })
    )
    yield* allThatCan

    const turnedOn = new Map<CampaignId, number>()
    const perform = (act: string, which: number, atMs: number) => {
      const id = idOf(which)
      if (act === "human-on") turnedOn.set(id, atMs)
      return act === "human-on"
        ? world.setState(id, "active")
        : act === "start"
          ? Effect.asVoid(Effect.forkChild(Effect.exit(start(id))))
          : act === "end-calls"
            ? world.endCalls(id)
            : act === "ledger-breaks"
              ? ledger.breakWith("the disk is full.")
              : act === "ledger-mends"
                ? ledger.breakWith(undefined)
                : holds.breakWith(act === "holds-break" ? "no answer." : undefined)
    }
    let now = 0
    for (const { act, atMs, which } of scenario.events.toSorted((a, b) => a.atMs - b.atMs)) {
      yield* TestClock.adjust(atMs - now)
      now = atMs
      yield* perform(act, which, atMs)
      yield* allThatCan
    }
    yield* TestClock.adjust(PEACE_MS - now)
    yield* ledger.breakWith(undefined)
    yield* holds.breakWith(undefined)
    yield* TestClock.adjust(DEADLINE_MS + PEACE_MS)
    const report = yield* Fiber.join(halting)
    yield* check(scenario, witness, report, scope, ids, turnedOn)
  })

const check = Effect.fnUntraced(function* (
  scenario: Scenario,
  witness: Witness,
  report: HaltReport,
  scope: HoldScope,
  ids: ReadonlyArray<CampaignId>,
  turnedOn: ReadonlyMap<CampaignId, number>
) {
  const gateway = yield* CampaignGateway
  const campaigns = yield* Effect.forEach(ids, (id) => gateway.get(id))
  // It gets there in the end, whatever happened on the way.
  expect(report.warnings.filter((warning) => warning.includes("not proven"))).toEqual([])
  expect(haltSucceeded(report)).toBe(true)
  for (const campaign of campaigns) {
    if (inScope(scope, campaign) === "out") expect(witness.stopped).not.toContain(campaign.id)
    // What a person has switched on after the last look is theirs: a hold binds this product alone.
    else if ((turnedOn.get(campaign.id) ?? -Infinity) < report.tookMs - REQUEST_MS)
      expect(campaign.status).not.toBe("on")
  }
  const entries = yield* MemoryLedger.use(({ entries }) => entries)
  expect((yield* AuditLog.use(({ verify }) => verify))._tag).toBe("Intact")
  if (!scenario.trouble.journalBroken) {
    expect(witness.untold).toBe(0)
    expect(openIntents(entries, witness)).toEqual([])
  }
  expect(entries.filter(({ kind }) => kind === "halt-raised").length).toBeLessThanOrEqual(1)
  yield* checkHold(campaigns, scope)
})

/** Nothing in the scope starts until it is lifted, and then it does. */
const checkHold = Effect.fnUntraced(function* (
  campaigns: ReadonlyArray<{
    readonly id: CampaignId
    readonly name: string
    readonly status: string
  }>,
  scope: HoldScope
) {
  const off = campaigns.find(
    (campaign) => campaign.status === "off" && inScope(scope, campaign) === "in"
  )
  if (off === undefined) return
  const refused = yield* Effect.flip(start(off.id))
  expect(refused).toMatchObject({ _tag: "TransitionRejected" })
  expect("violations" in refused && refused.violations.map(({ guard }) => guard)).toEqual(["hold"])
  yield* liftHold({ name: "Easter", liftedBy: "bob", source: "cli" })
  const started = yield* Effect.forkChild(start(off.id))
  yield* TestClock.adjust(REQUEST_MS + 1)
  expect((yield* Fiber.join(started))._tag).toBe("Applied")
})

type Draft = Pick<AuditDraft, "kind" | "requestId" | "intentId">

const openIntents = (
  entries: ReadonlyArray<Draft & { readonly id: string }>,
  witness: Witness
): ReadonlyArray<string> => {
  const settled = new Set([
    ...entries.map(({ intentId }) => intentId),
    ...witness.journal.flatMap(({ draft, settles }) => [draft.intentId, settles])
  ])
  const ofHalt = [
    ...entries.filter(({ kind, requestId }) => kind === "intent" && requestId === "halt-1"),
    ...witness.journal.filter(({ draft }) => draft.kind === "intent")
  ]
  return ofHalt.map(({ id }) => id).filter((id) => !settled.has(id))
}

it("ends, in any trouble, with nothing dialling in its scope and nothing able to start there", async () => {
  const seen = { stops: 0, journal: 0 }
  await fc.assert(
    fc.asyncProperty(scenarios, async (scenario) => {
      const witness = new Witness()
      await Effect.runPromise(
        play(scenario, witness).pipe(
          Effect.provide(haltWorld(scenario.trouble satisfies Mishaps, witness)),
          Random.withSeed(scenario.seed),
          Effect.provide(TestClock.layer())
        )
      )
      seen.stops += witness.stopped.length
      seen.journal += witness.journal.length
    }),
    { numRuns: RUNS, seed: SEED }
  )
  // The trouble was real.
  expect(seen.stops).toBeGreaterThan(RUNS)
  expect(seen.journal).toBeGreaterThan(0)
})
