import type { AuditLog } from "@campaignctl/core"
import { Effect, Result } from "effect"
import { untilNextTry } from "./backOff.ts"
import { HaltProgress } from "./HaltProgress.ts"
import type { HaltRun } from "./HaltRun.ts"
import { type Look, look } from "./look.ts"
import { withoutList } from "./withoutList.ts"

/** What the looks of a halt have shown so far. Milliseconds since it began. */
export interface Proof {
  proven: boolean
  quietAtMs: number | null
  drainedAtMs: number | null
}

export const makeProof = (): Proof => ({ proven: false, quietAtMs: null, drainedAtMs: null })

/** Milliseconds between looks at whether the stops on their way have arrived. */
const POLL_MS = 250

/**
 * Looks at every campaign of the scope again and again, which begins to stop whatever dials, until
 * nothing dials and, where that is shown, no call runs any more. Whoever calls sets it a deadline.
 */
export const prove = Effect.fnUntraced(function* (
  run: HaltRun,
  proof: Proof
): Effect.fn.Return<void, never, AuditLog> {
  let failures = 0
  let intervalMs = run.settings.lookFirstMs
  while (true) {
    const seen = yield* Effect.result(look(run))
    if (Result.isFailure(seen)) {
      yield* withoutList(run, seen.failure)
      yield* untilNextTry(run, seen.failure, failures)
      failures += 1
      continue
    }
    failures = 0
    judge(run, seen.success, proof)
    yield* tell(run, seen.success, proof)
    const drained = !run.gateway.capabilities.showsDrain || proof.drainedAtMs !== null
    if (proof.proven && drained) return
    yield* Effect.sleep(intervalMs)
    yield* stopsFirst(run)
    const longestMs = proof.proven ? run.settings.drainLookLongestMs : run.settings.lookLongestMs
    intervalMs = Math.min(intervalMs * 2, longestMs)
  }
})

/**
 * A start that was decided just before the hold may land after a look that shows nothing dialling: only
 * a look that began once none can be on its way any more proves anything.
 */
const judge = (run: HaltRun, seen: Look, proof: Proof): void => {
  const waiting = [...run.targets.values()].some(({ dialling }) => dialling)
  const clean = seen.complete && seen.dialling === 0 && !waiting
  const settledAtMs = (run.heldAtMs ?? 0) + run.settings.settleMs
  proof.quietAtMs = clean ? (proof.quietAtMs ?? seen.endedMs) : null
  proof.drainedAtMs =
    clean && seen.draining === 0 && run.gateway.capabilities.showsDrain
      ? (proof.drainedAtMs ?? seen.endedMs)
      : null
  proof.proven = clean && seen.beganMs >= settledAtMs
}

const tell = Effect.fnUntraced(function* (run: HaltRun, seen: Look, { proven }: Proof) {
  const { report } = yield* HaltProgress
  yield* report({
    elapsedMs: seen.endedMs,
    holding: run.heldAtMs !== null,
    selected: run.selected.size,
    toStop: run.targets.size,
    dialling: seen.dialling,
    draining: seen.draining,
    proven
  })
})

/** A look costs requests that the stops on their way could use, and would show them once more as they were. */
const stopsFirst = Effect.fnUntraced(function* (run: HaltRun) {
  for (
    let waitedMs = 0;
    run.underWay > 0 && waitedMs < run.settings.stopsFirstMs;
    waitedMs += POLL_MS
  )
    yield* Effect.sleep(POLL_MS)
})
