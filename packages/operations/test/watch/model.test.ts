import {
  type AuditEntry,
  CampaignGateway,
  type CampaignId,
  type CampaignState,
  seenState,
  transition,
  type TransitionRequest
} from "@campaignctl/core"
import {
  EventsWorld,
  GatewayWorld,
  memoryCampaignEvents,
  MemoryEvents,
  MemoryLedger,
  type WorldState
} from "@campaignctl/core/testing"
import { assert, it } from "@effect/vitest"
import { Effect, Exit, Layer, References, Scope } from "effect"
import { TestClock } from "effect/testing"
import fc from "fast-check"
import { inject } from "vitest"
import { watchStoreSql } from "../../src/watch/sqlWatchStore.ts"
import { LIST_COVERED_MS, watch } from "../../src/watch/watch.ts"
import { WatchStore } from "../../src/watch/WatchStore.ts"
import { memoryPorts, memorySql } from "../support/memoryPorts.ts"
import { testSeed } from "../support/random.ts"

const RUNS = 150 * inject("scale")
const CAMPAIGNS = 4

type Step =
  | { readonly _tag: "Ours"; readonly which: number; readonly starts: boolean }
  | { readonly _tag: "Elsewhere"; readonly which: number; readonly state: WorldState }
  | { readonly _tag: "EndCalls"; readonly which: number }
  | { readonly _tag: "Disturb"; readonly how: "twice" | "swapped" | "missed" }
  | { readonly _tag: "Drop" | "Cover" | "Crash" }
  | { readonly _tag: "Fail"; readonly request: "get" | "list" }
  | { readonly _tag: "Wait"; readonly ms: number }

const which = fc.nat({ max: CAMPAIGNS - 1 })
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ _tag: fc.constant("Ours" as const), which, starts: fc.boolean() })
  },
  {
    weight: 4,
    arbitrary: fc.record({
      _tag: fc.constant("Elsewhere" as const),
      which,
      state: fc.constantFrom<WorldState>("active", "draining", "paused", "completed")
    })
  },
  { weight: 2, arbitrary: fc.record({ _tag: fc.constant("EndCalls" as const), which }) },
  {
    weight: 1,
    arbitrary: fc.record({
      _tag: fc.constant("Disturb" as const),
      how: fc.constantFrom("twice" as const, "swapped" as const, "missed" as const)
    })
  },
  {
    weight: 1,
    arbitrary: fc.record({ _tag: fc.constantFrom("Drop" as const, "Cover" as const) })
  },
  { weight: 1, arbitrary: fc.record({ _tag: fc.constant("Crash" as const) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      _tag: fc.constant("Fail" as const),
      request: fc.constantFrom("get" as const, "list" as const)
    })
  },
  {
    weight: 6,
    arbitrary: fc.record({
      _tag: fc.constant("Wait" as const),
      ms: fc.constantFrom(0, 5, 50, 300, 3_000)
    })
  }
)

/** What truly changed one campaign, by the version that it had afterwards. */
type Author = "us" | "somebody else" | "nobody"

const ports = Layer.mergeAll(
  memoryPorts,
  memoryCampaignEvents,
  Layer.provide(watchStoreSql, memorySql)
).pipe(Layer.provideMerge(TestClock.layer()))

/** Whether a change may not be heard of because of it. */
const isLoss = (one: Step): boolean =>
  one._tag === "Disturb"
    ? one.how !== "twice"
    : one._tag === "Drop" || one._tag === "Crash" || one._tag === "Fail"

const stateAtFirst = (index: number): WorldState => (index % 2 === 0 ? "active" : "paused")

/** Warnings are of faults that the test asks for. */
const quiet = Effect.provideService(References.MinimumLogLevel, "Error")

const history = (steps: ReadonlyArray<Step>) =>
  Effect.gen(function* () {
    const world = yield* GatewayWorld
    const gateway = yield* CampaignGateway
    const events = yield* MemoryEvents
    const disturbances = yield* EventsWorld
    const store = yield* WatchStore
    const ledger = yield* MemoryLedger
    const authors = new Map<CampaignId, Map<number, Author>>()
    const ids = yield* Effect.forEach(Array.from({ length: CAMPAIGNS }), (_, index) =>
      world.addCampaign({
        name: `Watched ${index}`,
        state: stateAtFirst(index),
        calls: index
      })
    )
    for (const id of ids) authors.set(id, new Map())

    /** As it is; a fault that waits for the next request is used up. */
    const shownOf = (id: CampaignId) => Effect.orDie(Effect.retry(gateway.get(id), { times: 1 }))

    /** Says who made the newest change of a campaign, and lets it be heard. */
    const changed = Effect.fnUntraced(function* (id: CampaignId, author: Author) {
      const { lock, name, status } = yield* shownOf(id)
      const versions = authors.get(id)
      if (versions?.has(Number(lock)) !== false) return
      versions.set(Number(lock), author)
      yield* events.tell({ id, name, status, lock })
    })
    const told = CampaignGateway.of({
      ...gateway,
      apply: (campaign, change) =>
        gateway.apply(campaign, change).pipe(
          Effect.tap(({ wrote }) => (wrote ? changed(campaign.id, "us") : Effect.void)),
          // What changed is heard of before the reply is there.
          Effect.tap(() => Effect.sleep(20))
        )
    })

    const started = Effect.gen(function* () {
      const scope = yield* Scope.make()
      yield* watch.pipe(Effect.provideService(CampaignGateway, told), Scope.provide(scope))
      yield* TestClock.adjust(0)
      return scope
    })
    let scope = yield* started
    let running = true
    yield* TestClock.adjust(1_000)

    const ours = (id: CampaignId, starts: boolean): TransitionRequest => ({
      campaignId: id,
      requestedBy: "ada",
      source: "library",
      ...(starts
        ? { target: "active", restart: true, overrides: [{ guard: "capacity", note: "none here" }] }
        : { target: "paused", pauseReason: "OTHER" })
    })
    const play = (one: Step) =>
      Effect.gen(function* () {
        const id = ids["which" in one ? one.which : 0]
        if (id === undefined) return
        switch (one._tag) {
          case "Ours":
            yield* Effect.forkScoped(
              Effect.exit(
                Effect.provideService(transition(ours(id, one.starts)), CampaignGateway, told)
              )
            )
            return yield* TestClock.adjust(0)
          case "Elsewhere":
            yield* world.setState(id, one.state)
            return yield* changed(id, "somebody else")
          case "EndCalls":
            yield* world.endCalls(id)
            return yield* changed(id, "nobody")
          case "Disturb":
            return yield* disturbances.disturb(one.how)
          case "Drop":
            return yield* events.drop
          case "Cover":
            return yield* events.cover
          case "Fail":
            return yield* world.failNext(one.request, "server-error")
          case "Crash":
            running = false
            return yield* Scope.close(scope, Exit.void)
          case "Wait":
            if (!running) scope = yield* started
            running = true
            return yield* TestClock.adjust(one.ms)
        }
      })
    const check = Effect.fnUntraced(function* () {
      const entries = yield* ledger.entries
      const kept = yield* store.of(ids)
      for (const [index, id] of ids.entries()) {
        const campaign = yield* shownOf(id)
        const row = kept.find(({ campaignId }) => campaignId === id)
        assert.strictEqual(row?.status, campaign.status, "the status that is kept")
        assert.strictEqual(row?.lock, campaign.lock, "the lock that is kept")
        assert.isTrue(row?.covered, "covered")
        checkStory(
          entries.filter(({ campaignId }) => campaignId === id),
          seenState(campaign.status),
          stateAtFirst(index),
          authors.get(id) ?? new Map<number, Author>()
        )
      }
      return entries
    })
    for (const one of [...steps, { _tag: "Wait", ms: 0 } as const]) yield* play(one)
    // As long as a change may go on to be tried.
    yield* TestClock.adjust("3 minutes")
    // Where every change was heard of, no list is needed.
    if (!steps.some(isLoss)) yield* check()
    yield* events.cover
    yield* TestClock.adjust(LIST_COVERED_MS)
    const entries = yield* check()
    yield* Scope.close(scope, Exit.void)
    return entries
  }).pipe(Effect.scoped, quiet, Effect.provide(ports))

const stateTold = ({ currentState, kind, stateAfter, targetState }: AuditEntry) =>
  kind === "outcome" ? (stateAfter ?? targetState) : currentState
const lockTold = ({ lockAfter, lockBefore }: AuditEntry): number =>
  Number(lockAfter ?? lockBefore ?? 1)

/** What the ledger tells of one campaign ends in what it shows, and blames nobody for what we did. */
const checkStory = (
  entries: ReadonlyArray<AuditEntry>,
  state: CampaignState,
  atFirst: CampaignState,
  authors: ReadonlyMap<number, Author>
): void => {
  const words = entries.filter(
    ({ kind, outcome, success }) =>
      kind === "drift" ||
      kind === "observed" ||
      (kind === "outcome" && success && outcome !== "already-there")
  )
  const last = words.at(-1)
  assert.strictEqual(last === undefined ? atFirst : stateTold(last), state, "what was told last")
  for (const [place, word] of words.entries()) {
    if (word.source !== "watch") continue
    const before = words[place - 1]
    const since = before === undefined ? 1 : lockTold(before)
    const between = [...authors].filter(([version]) => version > since && version <= lockTold(word))
    const blamed = between.map(([, author]) => author)
    if (word.kind === "drift")
      assert.include(blamed, "somebody else", `entry ${word.sequence} blames somebody else`)
    else assert.notDeepEqual(blamed, ["us"], `entry ${word.sequence} tells of our own change`)
    if (before?.kind === word.kind)
      assert.notStrictEqual(lockTold(before), lockTold(word), "told once")
  }
}

it("keeps what shows, and tells of every change that none of us made", async () => {
  const seed = testSeed()
  let drifts = 0
  let observed = 0
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
      const entries = await Effect.runPromise(history(steps))
      drifts += entries.filter(({ kind }) => kind === "drift").length
      observed += entries.filter(({ kind }) => kind === "observed").length
    }),
    { numRuns: RUNS, seed }
  )
  console.log(`watch: ${RUNS} histories, ${drifts} drifts, ${observed} observed, seed ${seed}`)
  assert.isAbove(drifts, RUNS / 10)
  assert.isAbove(observed, RUNS / 20)
})
