import { Effect } from "effect"
import type { HaltSpec } from "../domain/Operation.ts"
import type { ItemStatus } from "../domain/OperationItem.ts"
import type { Carrier } from "../engine/Carrier.ts"
import type { OperationBody, OperationEnd } from "../engine/OperationBody.ts"
import { type HaltItem, type HaltOutcome, type HaltReport, haltSucceeded } from "./HaltReport.ts"
import { haltRequestOf } from "./HaltRequest.ts"
import { type HaltPorts, runHalt } from "./runHalt.ts"

const STATUS: Readonly<Record<HaltOutcome, ItemStatus>> = {
  stopped: "applied",
  draining: "applied",
  failed: "failed",
  unknown: "unknown"
}

const STATE_AFTER = {
  stopped: "paused",
  draining: "draining",
  failed: "active",
  unknown: null
} as const satisfies Readonly<Record<HaltOutcome, string | null>>

/**
 * The panic stop as an operation. Its campaigns are written down once it is over: nothing that it does
 * waits for the tables. Taken up again after a crash it begins anew, and proves anew.
 */
export const haltBody: OperationBody<HaltSpec, HaltPorts> = {
  pausable: "a halt is not paused.",
  cancellable:
    "a halt goes on until its proof or its deadline; what it holds is lifted by its name.",
  run: Effect.fnUntraced(function* (spec, carrier) {
    const { divisionIds, id, requestedBy, source } = carrier.operation
    const report = yield* runHalt(
      haltRequestOf(spec, {
        requestedBy,
        source,
        requestId: id,
        ...(divisionIds === null ? {} : { divisionIds })
      })
    )
    yield* writeDown(carrier, report)
    return haltEndOf(report)
  })
}

const writeDown = Effect.fnUntraced(function* (carrier: Carrier, { campaigns }: HaltReport) {
  if (!carrier.selected)
    yield* carrier.select(
      campaigns.map(({ campaignId, divisionId, name }) => ({
        campaignId,
        name,
        divisionId,
        state: "active"
      }))
    )
  const outcomes = new Map(campaigns.map((item) => [item.campaignId, item]))
  for (const { campaignId, position } of yield* carrier.items(["pending", "running"])) {
    if ((yield* carrier.claim(position)) !== "go-on") continue
    const item = outcomes.get(campaignId)
    // Written down by a run that a crash ended; this one found it stopped already.
    yield* carrier.put(position, item === undefined ? STOPPED_BEFORE : changeOf(item))
  }
})

const STOPPED_BEFORE = { status: "applied", stateAfter: "paused" } as const

const changeOf = ({ attempts, auditSequence, detail, errorCode, outcome }: HaltItem) => ({
  status: STATUS[outcome],
  stateAfter: STATE_AFTER[outcome],
  errorCode,
  detail,
  auditSequence,
  attempts
})

/** What an operation says of a halt that has its report. */
export const haltEndOf = (report: HaltReport): OperationEnd => {
  const stopped = report.campaigns.filter(
    ({ outcome }) => outcome === "stopped" || outcome === "draining"
  ).length
  return {
    status: haltSucceeded(report)
      ? "succeeded"
      : stopped > 0 || report.proven || report.holding
        ? "partial"
        : "failed",
    detail:
      `${stopped} of ${report.campaigns.length} campaigns that dialled were stopped. ${report.warnings.join(" ")}`.trim(),
    report
  }
}
