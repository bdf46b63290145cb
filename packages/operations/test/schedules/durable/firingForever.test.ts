import { assert, describe } from "@effect/vitest"
import { Clock, Effect, Fiber } from "effect"
import { TestClock } from "effect/testing"
import { fireForever } from "../../../src/schedules/firing/fireForever.ts"
import { ScheduleStore } from "../../../src/schedules/kept/ScheduleStore.ts"
import { databases } from "../../support/databases.ts"
import { at } from "../support.ts"
import { add, closing, fire, firingOn, on, opening, submitted, told } from "./firingOn.ts"

/** Milliseconds between two looks at what has come of it, by the machine's own clock. */
const LOOK_MS = 5
const SECOND_MS = 1_000
const HOUR_MS = 3_600 * SECOND_MS

/** Looks after which what was to come is taken not to come: none of it takes more than a few. */
const LOOKS = 300

/**
 * Asks again until the answer is as wanted, and lets a second pass in between, because whoever fires
 * sleeps by the test's clock.
 */
const until = <A, E, R>(ask: Effect.Effect<A, E, R>, wanted: (answer: A) => boolean) =>
  TestClock.adjust(SECOND_MS).pipe(
    Effect.andThen(TestClock.withLive(Effect.sleep(LOOK_MS))),
    Effect.andThen(ask),
    Effect.repeat({ until: wanted, times: LOOKS }),
    Effect.map((last) => assert.isTrue(wanted(last), JSON.stringify(last)))
  )

/** Whoever fires, on a machine whose clock may be set, or stand still, while timers run as they do. */
const machine = Effect.map(Clock.Clock, (clock) => {
  let aheadMs = 0
  const shown = () => clock.currentTimeMillisUnsafe() + aheadMs
  const own: Clock.Clock = {
    currentTimeMillisUnsafe: shown,
    currentTimeMillis: Effect.sync(shown),
    currentTimeNanosUnsafe: () => clock.currentTimeNanosUnsafe(),
    currentTimeNanos: clock.currentTimeNanos,
    monotonicTimeNanosUnsafe: () => clock.monotonicTimeNanosUnsafe(),
    monotonicTimeNanos: clock.monotonicTimeNanos,
    sleep: (duration) => clock.sleep(duration)
  }
  return {
    setAhead: (ms: number) => Effect.sync(() => void (aheadMs = ms)),
    /** Fires for as long as it is needed. */
    fires: <A, E, R>(use: Effect.Effect<A, E, R>) =>
      Effect.acquireUseRelease(
        Effect.forkDetach(
          Effect.provideService(
            fireForever({}, () => Effect.void),
            Clock.Clock,
            own
          )
        ),
        () => use,
        Fiber.interrupt
      )
  }
})

const counted = (count: number) => until(submitted, ({ length }) => length === count)

const cancelled = Effect.map(submitted, (all) =>
  all.filter(({ cancelRequested }) => cancelRequested)
)

const nextAt = ScheduleStore.use(({ find }) =>
  Effect.map(find("close"), (found) => (found._tag === "Some" ? found.value.kept.nextAt : null))
)

describe.each(databases)("whoever fires schedules from %s", (_name, database) => {
  const tries = firingOn(database)

  tries(
    "ends what is left of a start after it stood still itself for longer than the grace",
    Effect.gen(function* () {
      const { fires, setAhead } = yield* machine
      yield* add(opening)
      yield* on(23, "08:59:58")
      yield* fires(
        Effect.gen(function* () {
          yield* counted(1)
          assert.isEmpty(yield* cancelled)
          // As a machine that slept, or whose database was away: there was no sign of life.
          yield* setAhead(3 * HOUR_MS)
          yield* until(cancelled, ({ length }) => length === 1)
        })
      )
    })
  )

  tries(
    "does once more at its time what was done by a clock that was ahead, and is right again",
    Effect.gen(function* () {
      const { fires, setAhead } = yield* machine
      yield* add(closing)
      yield* on(23, "16:00:00")
      yield* setAhead(3 * HOUR_MS)
      yield* fires(counted(1))
      yield* setAhead(0)
      yield* fires(until(nextAt, (next) => next === at("2026-11-23T17:00:00Z")))
      yield* setAhead(HOUR_MS)
      yield* fires(counted(2))
      assert.deepStrictEqual(yield* told("close"), ["2026-11-23T17:00:00.000Z fired"])
      assert.strictEqual(yield* nextAt, at("2026-11-24T17:00:00Z"))
    })
  )

  tries(
    "sees a clock go back under its eyes, and bears with one that is set by seconds",
    Effect.gen(function* () {
      const { fires, setAhead } = yield* machine
      yield* add(closing)
      yield* on(23, "16:59:58")
      yield* fires(
        Effect.gen(function* () {
          yield* counted(1)
          yield* setAhead(-20 * SECOND_MS)
          for (let second = 0; second < 5; second++)
            yield* until(nextAt, (next) => next === at("2026-11-24T17:00:00Z"))
          assert.lengthOf(yield* submitted, 1)
          yield* setAhead(-HOUR_MS)
          yield* until(nextAt, (next) => next === at("2026-11-23T17:00:00Z"))
        })
      )
    })
  )

  tries(
    "looks anew at what whoever fired before could not read",
    Effect.gen(function* () {
      const { fires } = yield* machine
      const { sql } = yield* ScheduleStore
      yield* add(closing)
      const [row] = yield* sql<{ body: string }>`SELECT body FROM schedules`
      yield* sql`UPDATE schedules SET body = '{"of":"a later version"}'`
      yield* on(23, "17:00:00")
      assert.isEmpty(yield* fire)
      yield* sql`UPDATE schedules SET body = ${row?.body ?? ""}`
      assert.isEmpty(yield* fire)
      yield* fires(counted(1))
      assert.deepStrictEqual(yield* told("close"), ["2026-11-23T17:00:00.000Z fired"])
    })
  )
})
