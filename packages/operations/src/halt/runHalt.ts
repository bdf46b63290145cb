import {
  attribute,
  type AuditLog,
  type CampaignGateway,
  CurrentBudgetClass,
  type Ids,
  report as tell,
  spans
} from "@campaignctl/core"
import { Deferred, Effect } from "effect"
import { conclude } from "./entries.ts"
import type { HaltReport } from "./HaltReport.ts"
import type { HaltRequest } from "./HaltRequest.ts"
import { type HaltRun, makeHaltRun } from "./HaltRun.ts"
import type { HoldStore } from "./holds/HoldStore.ts"
import { makeProof, prove } from "./prove.ts"
import { raiseHold } from "./raiseHold.ts"
import { reportOf } from "./reportOf.ts"
import { inSpan } from "../telemetry/inSpan.ts"
import { settleEarlier } from "./settleEarlier.ts"

/** What a halt works with. Each of them may be down: it then does what it can without. */
export type HaltPorts = CampaignGateway | AuditLog | HoldStore | Ids

/**
 * The panic stop. Raises the hold, stops what dials in its scope without reading first, and goes on
 * until a look at all of them proves that nothing dials and no start can still land.
 *
 * Never fails: what could not be done is in the report. A halt of a name and scope that hold already
 * joins that hold, stops whatever dials all the same, and proves it anew. Run again after a crash it
 * does the same.
 */
export const runHalt = Effect.fnUntraced(function* (
  request: HaltRequest
): Effect.fn.Return<HaltReport, never, HaltPorts> {
  return yield* Effect.scoped(halt(request)).pipe(
    Effect.tap(tellOf),
    inSpan(spans.halt.name),
    Effect.provideService(CurrentBudgetClass, "halt")
  )
})

/** Tells whoever follows of a halt's times; those to which it did not come are left out. */
const tellOf = Effect.fnUntraced(function* (done: HaltReport) {
  const times = {
    firstStopMs: done.firstStopAfterMs,
    lastAcceptMs: done.lastAcceptAfterMs,
    noNewDialsMs: done.noNewDialsAfterMs,
    drainedMs: done.drainedAfterMs
  }
  yield* Effect.annotateCurrentSpan({
    [attribute.proven]: done.proven,
    [attribute.holding]: done.holding,
    [attribute.campaigns]: done.campaigns.length,
    [attribute.stops]: done.requests.stops
  })
  for (const [name, ms] of Object.entries(times))
    if (ms !== null)
      // The keys above are names of attributes.
      yield* Effect.annotateCurrentSpan(attribute[name as keyof typeof times], ms)
  yield* tell({ _tag: "HaltEnded", ...times })
})

const halt = Effect.fnUntraced(function* (request: HaltRequest) {
  const run = yield* makeHaltRun(request)
  const proof = makeProof()
  // Durable before anything else, so that nothing is started behind the halt's back. A database that
  // hangs or fails must not keep the stops waiting; the raising goes on beside them.
  yield* Effect.forkScoped(raiseHold(run))
  yield* Effect.timeoutOption(
    Deferred.await(run.holdTried),
    Math.min(run.settings.holdPatienceMs, request.proofDeadlineMs)
  )
  const leftMs = request.proofDeadlineMs - (yield* run.elapsed)
  yield* prove(run, proof).pipe(
    Effect.timeoutOption(Math.max(leftMs, 0)),
    Effect.ensuring(concludeAll(run))
  )
  if (proof.proven)
    yield* settleEarlier(run).pipe(
      Effect.catch(({ detail }) =>
        Effect.logWarning(`What an earlier run left open is settled later: ${detail}`)
      ),
      // What the ledger does not take in time is settled at the next start.
      Effect.timeoutOption(run.settings.ledgerPatienceMs)
    )
  return yield* reportOf(run, proof)
})

/** Ends what is under way, and gives every intent that is still open its outcome. */
const concludeAll = Effect.fnUntraced(function* (run: HaltRun) {
  yield* run.endWork
  yield* Effect.forEach(run.targets.values(), (target) => conclude(run, target), {
    concurrency: run.settings.concurrency,
    discard: true
  })
})
