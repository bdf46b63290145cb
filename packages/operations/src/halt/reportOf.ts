import { Effect } from "effect"
import { failureOf } from "./entries.ts"
import type { HaltItem, HaltOutcome, HaltReport } from "./HaltReport.ts"
import type { HaltRun } from "./HaltRun.ts"
import type { Proof } from "./prove.ts"
import type { Target } from "./Target.ts"

const outcomeOf = ({ dialling, doubt, gone, state }: Target): HaltOutcome =>
  gone || (dialling && doubt)
    ? "unknown"
    : dialling
      ? "failed"
      : state === "draining"
        ? "draining"
        : "stopped"

const itemOf = (target: Target): HaltItem => {
  const { errorCode, errorDetails } = failureOf(target)
  return {
    campaignId: target.id,
    name: target.name,
    divisionId: target.divisionId,
    outcome: outcomeOf(target),
    attempts: target.sent,
    startedAgain: target.startedAgain,
    acceptedAfterMs: target.firstAcceptMs,
    auditSequence: target.auditSequence,
    errorCode,
    detail: errorDetails
  }
}

const entries = (count: number): string => (count === 1 ? "1 entry" : `${count} entries`)

/**
 * Says where a halt is about campaigns that are not there: a selector with a slip in it stops nothing,
 * and that nothing dials in its scope is then proven all the same.
 */
const missed = ({ request, selected }: HaltRun): ReadonlyArray<string> => {
  if (selected.size === 0)
    return [
      "No campaign is in the scope of this halt, so none was stopped: look whether its selector says what is meant."
    ]
  const absent = (request.scope.ids ?? []).filter((id) => !selected.has(id))
  return absent.length === 0
    ? []
    : [`Of the campaigns that were named these are not in what was listed: ${someOf(absent)}.`]
}

/** Names that a warning lists. */
const NAMED = 10

const someOf = (names: ReadonlyArray<string>): string =>
  names.length <= NAMED
    ? names.join(", ")
    : `${names.slice(0, NAMED).join(", ")} and ${names.length - NAMED} more`

/** What a person must know beside the numbers. */
const warningsOf = (run: HaltRun, proof: Proof): ReadonlyArray<string> => [
  ...(run.heldAtMs === null
    ? ["The hold could not be raised: campaigns in the scope of this halt can be started."]
    : []),
  ...(proof.proven
    ? []
    : ["It is not proven that no campaign in the scope dials: look at them, and halt again."]),
  ...(proof.proven ? missed(run) : []),
  ...(run.trail.count.journal > 0
    ? [
        `${entries(run.trail.count.journal)} could not be written to the ledger and wait in the emergency journal, to be taken over at the next start.`
      ]
    : []),
  ...(run.trail.count.nowhere > 0
    ? [
        `${entries(run.trail.count.nowhere)} could be written neither to the ledger nor to an emergency journal: what was stopped is told here and in the log alone.`
      ]
    : []),
  ...(run.gateway.capabilities.showsDrain
    ? []
    : ["This contract does not show whether calls still run."]),
  ...run.warnings
]

/** The report of a halt as it stands. */
export const reportOf = (run: HaltRun, proof: Proof): Effect.Effect<HaltReport> =>
  Effect.map(run.elapsed, (tookMs) => ({
    name: run.request.name,
    proven: proof.proven,
    holding: run.heldAtMs !== null,
    selected: run.selected.size,
    firstStopAfterMs: run.firstStopMs,
    lastAcceptAfterMs: run.lastAcceptMs,
    noNewDialsAfterMs: proof.quietAtMs,
    drainedAfterMs: proof.drainedAtMs,
    tookMs,
    requests: { ...run.requests },
    campaigns: [...run.targets.values()].map(itemOf),
    warnings: warningsOf(run, proof)
  }))
