import {
  attribute,
  type CampaignId,
  CurrentBudgetClass,
  INTERVAL_JITTER,
  report as tell,
  settle,
  spans,
  type SupervisionPolicy
} from "@campaignctl/core"
import { Clock, Effect, FiberMap, Random, type Scope, Semaphore } from "effect"
import type { Transitions } from "../ports/Transitions.ts"
import { act, type Acted, type ActError } from "./act.ts"
import type { Action } from "./Action.ts"
import { type GuardMemory, newMemory } from "./GuardMemory.ts"
import { type Cycle, GuardStore, type Supervision } from "./GuardStore.ts"
import { type Look, lookAt, type LookPorts } from "./look.ts"
import { type Step, step } from "./step.ts"
import { inSpan } from "../telemetry/inSpan.ts"
import { noOverview, type Overview } from "../watch/Overview.ts"
import { supervisionOf } from "./supervisionOf.ts"
import { makeRules } from "./windows.ts"
import { makeActs } from "./words.ts"

/** What the guard needs. */
export type GuardPorts = LookPorts | Transitions | GuardStore

/** Intervals between two looks after which what was seen to hold is taken to have been interrupted. */
const UNBROKEN_INTERVALS = 3
/** Changes under way at once. Starts have their own, so that no pause waits for a start that is retried. */
const PAUSES_AT_ONCE = 8
const RESUMES_AT_ONCE = 2
/** Milliseconds between two looks at least, however many windows close one after the other. */
const SHORTEST_WAIT_MS = 1_000

const isPause = ({ _tag }: Action): boolean => _tag !== "Resume"

/** The most urgent first: what must not dial, then what should not, then what may. */
const urgency = (actions: ReadonlyArray<Action>): number =>
  actions.some((action) => action._tag === "Pause" && action.reason === "COMPLIANCE")
    ? 0
    : actions.every(isPause)
      ? 1
      : 2

/**
 * Supervises the campaigns under care until it is interrupted. Run it in one process at a time.
 *
 * It looks, decides for each campaign, begins what is to be done, and does not wait for its end: a
 * slow change holds up no other campaign, and a slow look is followed by the next at once. It looks
 * when the interval has passed, when the first window of a running campaign is about to close, or when
 * a campaign is heard to have changed.
 */
export const supervise = Effect.fnUntraced(
  function* (
    policy: SupervisionPolicy,
    overview: Overview = noOverview
  ): Effect.fn.Return<void, never, GuardPorts | Scope.Scope> {
    const { care } = policy
    if (care === null) return
    const store = yield* GuardStore
    const memories = new Map<CampaignId, Supervision>()
    const acts = makeActs()
    const rules = makeRules()
    const running = yield* FiberMap.make<CampaignId>()
    // Those of them whose turn has come. The others wait, and are decided on anew with each look: what
    // waits for a start that hangs must not dial outside its window meanwhile.
    const changing = new Set<CampaignId>()
    // Those and all whose turn came since the look began: they have moved on from what was listed.
    let moved = new Set<CampaignId>()
    const pauses = yield* Semaphore.make(PAUSES_AT_ONCE)
    const resumes = yield* Semaphore.make(RESUMES_AT_ONCE)
    let lastLookAt = Number.NEGATIVE_INFINITY

    const remember = (id: CampaignId, change: (memory: GuardMemory) => GuardMemory) =>
      Effect.suspend(() => {
        const known = memories.get(id)
        if (known === undefined) return Effect.void
        const row = { ...known, memory: change(known.memory) }
        memories.set(id, row)
        return kept(store.save([row], [], null))
      })

    const inTurn =
      (id: CampaignId) =>
      <A, E, R>(change: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
        Effect.suspend(() => {
          changing.add(id)
          moved.add(id)
          return Effect.ensuring(
            change,
            Effect.sync(() => changing.delete(id))
          )
        })

    const carryOut = (sight: Look["sights"][number], actions: ReadonlyArray<Action>) =>
      Effect.gen(function* () {
        for (const action of actions) {
          const acted = yield* Effect.result(act(policy, sight, action))
          const now = yield* Clock.currentTimeMillis
          if (acted._tag === "Failure")
            yield* Effect.logWarning(
              `The guard could not ${action._tag === "Resume" ? "resume" : "pause"} “${sight.campaign.name}”: ${acted.failure.message}`
            )
          yield* remember(sight.campaign.id, afterAct(policy, action, acted, now))
          if (acted._tag === "Failure" || acted.success._tag !== "Done") return
        }
      }).pipe(
        inTurn(sight.campaign.id),
        (actions.every(isPause) ? pauses : resumes).withPermits(1),
        Effect.catchDefect(tellDefect)
      )

    /** One look. Gives the instant of the next one. */
    const cycle = Effect.gen(function* () {
      const startedAt = yield* Clock.currentTimeMillis
      moved = new Set(changing)
      const looked = yield* Effect.result(lookAt(care, acts, rules, overview))
      if (looked._tag === "Failure") {
        yield* Effect.logWarning(`The guard could not look: ${looked.failure.message}`)
        return yield* closeCycle(
          startedAt,
          [],
          [],
          0,
          Number.POSITIVE_INFINITY,
          looked.failure.message
        )
      }
      const { now, pages, queues, sights } = looked.success
      yield* Effect.annotateCurrentSpan({
        [attribute.pages]: pages,
        [attribute.queues]: queues
      })
      const sinceLook = startedAt - lastLookAt
      // A clock that went back tells nothing of how long it was.
      const unbroken = sinceLook >= 0 && sinceLook <= UNBROKEN_INTERVALS * policy.intervalMs
      lastLookAt = now
      const changed: Array<Supervision> = []
      const due: Array<{ readonly sight: Look["sights"][number]; readonly step: Step }> = []
      let wakeAt = Number.POSITIVE_INFINITY
      for (const sight of sights) {
        const { id } = sight.campaign
        if (moved.has(id)) continue
        const before = memories.get(id)
        const taken = step(policy, before?.memory ?? newMemory, { ...sight, unbroken }, now)
        const row = supervisionOf(sight, taken)
        if (before === undefined || JSON.stringify(before) !== JSON.stringify(row))
          changed.push(row)
        memories.set(id, row)
        if (taken.actions.length > 0) due.push({ sight, step: taken })
        else if (FiberMap.hasUnsafe(running, id)) yield* FiberMap.remove(running, id)
        if (taken.actions.length === 0 && taken.standing.dials && sight.window._tag === "Open")
          wakeAt = Math.min(wakeAt, (sight.window.closesAt ?? Infinity) - policy.closingMarginMs)
      }
      const seen = new Set(sights.map(({ campaign }) => campaign.id))
      const gone = [...memories.keys()].filter((id) => !seen.has(id) && !moved.has(id))
      for (const id of gone) {
        memories.delete(id)
        yield* FiberMap.remove(running, id)
      }
      const begun = due.filter(({ sight }) => !FiberMap.hasUnsafe(running, sight.campaign.id))
      const nextAt = yield* closeCycle(startedAt, changed, gone, begun.length, wakeAt, null)
      due.sort((one, other) => urgency(one.step.actions) - urgency(other.step.actions))
      for (const { sight, step: taken } of due)
        if (!moved.has(sight.campaign.id))
          yield* FiberMap.run(running, sight.campaign.id, carryOut(sight, taken.actions))
      return nextAt
    })

    const closeCycle = Effect.fnUntraced(function* (
      startedAt: number,
      changed: ReadonlyArray<Supervision>,
      gone: ReadonlyArray<CampaignId>,
      begun: number,
      wakeAt: number,
      failure: string | null
    ) {
      const now = yield* Clock.currentTimeMillis
      const jittered = policy.intervalMs * (1 + INTERVAL_JITTER * (yield* Random.next))
      const nextAt = Math.max(
        Math.min(startedAt + jittered, wakeAt),
        startedAt + SHORTEST_WAIT_MS,
        now
      )
      const report: Cycle = {
        startedAt,
        tookMs: now - startedAt,
        campaigns: memories.size,
        begun,
        nextAt: Math.ceil(nextAt),
        failure
      }
      yield* kept(store.save(changed, gone, report))
      yield* Effect.annotateCurrentSpan({
        [attribute.campaigns]: report.campaigns,
        [attribute.actions]: begun,
        [attribute.result]: failure === null ? "Looked" : "Failed"
      })
      yield* tell({ _tag: "GuardLooked", looked: failure === null, tookMs: report.tookMs })
      return report.nextAt
    })

    // What an earlier owner left open in the ledger, and what it remembered. Without either the guard
    // still pauses: it only waits out its dwell times anew, and resumes what the ledger knows it paused.
    yield* kept(settle)
    yield* kept(
      Effect.gen(function* () {
        for (const row of yield* store.load) memories.set(row.campaignId, row)
        const last = yield* store.lastCycle
        if (last !== null && last.failure === null) lastLookAt = last.startedAt + last.tookMs
      })
    )
    for (;;) {
      const beganAt = yield* Clock.currentTimeMillis
      const nextAt = yield* Effect.catchDefect(inSpan(spans.guardCycle.name)(cycle), (defect) =>
        Effect.andThen(tellDefect(defect), Effect.succeed(beganAt + policy.intervalMs))
      )
      yield* Effect.raceFirst(
        Effect.sleep(Math.max(0, nextAt - (yield* Clock.currentTimeMillis))),
        overview.nextChange
      )
      // Changes that follow each other closely are looked at together.
      const soonestAt = beganAt + SHORTEST_WAIT_MS
      yield* Effect.sleep(Math.max(0, soonestAt - (yield* Clock.currentTimeMillis)))
    }
  },
  Effect.provideService(CurrentBudgetClass, "guard")
)

/** What is left of a memory, and a warning, where the guard's own bookkeeping fails: it goes on without. */
const kept = <R>(
  bookkeeping: Effect.Effect<unknown, { readonly message: string }, R>
): Effect.Effect<void, never, R> =>
  bookkeeping.pipe(
    Effect.asVoid,
    Effect.catch((error) =>
      Effect.logWarning(`The guard goes on without its memory: ${error.message}`)
    )
  )

/** A defect of ours in one look or one change must not end the supervision of all campaigns. */
const tellDefect = (defect: unknown): Effect.Effect<void> =>
  Effect.logError("The guard met a defect of its own, and goes on.", defect)

type Result =
  | { readonly _tag: "Failure"; readonly failure: ActError }
  | { readonly _tag: "Success"; readonly success: Acted }

/** What an action leaves in the memory of its campaign. */
const afterAct =
  (policy: SupervisionPolicy, action: Action, acted: Result, now: number) =>
  (memory: GuardMemory): GuardMemory => {
    if (action._tag === "RecordDrift") return memory
    const said = acted._tag === "Failure" ? acted.failure.message : acted.success.said
    const done = acted._tag === "Success" && acted.success._tag === "Done"
    const dwell = action._tag === "Resume" ? policy.resumeDwellMs : policy.pauseDwellMs
    const claim = done
      ? (acted.success.claim ?? null)
      : acted._tag === "Success" && acted.success._tag === "Yielded" && memory.claim !== null
        ? { ...memory.claim, touched: true }
        : memory.claim
    return {
      ...memory,
      claim,
      shortSince: null,
      fitSince: null,
      // A pause because of the window is tried again with the next look, whatever it says here.
      notBefore: done ? memory.notBefore : now + dwell,
      last: { act: action._tag === "Resume" ? "resume" : "pause", at: now, result: said }
    }
  }
