import {
  haltEndOf,
  type HaltReport,
  type HaltSnapshot,
  type Operation,
  type OperationCounts,
  type OperationId
} from "@campaignctl/operations"
import type { HaltAsked } from "./HaltAsked.ts"

const ALONE =
  "The database cannot be used. This halt runs in this process alone, is not durable, and ends with it."
const ASK_AGAIN =
  "Send the same request again, with the same Idempotency-Key where it had one, to see how far it is."

const NONE: OperationCounts = {
  pending: 0,
  running: 0,
  draining: 0,
  applied: 0,
  alreadyThere: 0,
  rejected: 0,
  failed: 0,
  unknown: 0,
  skipped: 0
}

/** A halt that was begun without the database, in the form of an operation. */
export const begunWithout = (
  id: OperationId,
  { caller, spec }: HaltAsked,
  now: string
): Operation => ({
  id,
  spec,
  status: "running",
  cancelRequested: false,
  counts: NONE,
  requestedBy: caller.requestedBy,
  source: "http",
  scheduleId: null,
  divisionIds: caller.divisionIds ?? null,
  submittedAt: now,
  startedAt: now,
  finishedAt: null,
  detail: `${ALONE} ${ASK_AGAIN}`,
  report: null
})

export const goingOnWithout = (
  operation: Operation,
  { dialling, draining, holding, toStop }: HaltSnapshot
): Operation => ({
  ...operation,
  counts: {
    ...NONE,
    running: dialling,
    draining,
    applied: Math.max(0, toStop - dialling - draining)
  },
  detail: [
    ALONE,
    holding
      ? "It holds since the database answers again."
      : "It holds nothing until the database is back: its campaigns can be started.",
    ASK_AGAIN
  ].join(" ")
})

const countsOf = ({ campaigns }: HaltReport): OperationCounts => {
  const of = (wanted: HaltReport["campaigns"][number]["outcome"]) =>
    campaigns.filter(({ outcome }) => outcome === wanted).length
  return {
    ...NONE,
    // Those that still drain are stopped: nothing waits for them any more.
    applied: of("stopped") + of("draining"),
    failed: of("failed"),
    unknown: of("unknown")
  }
}

/** It has stopped what it could, and raises its hold once there is a database. */
export const waitsForDatabase = (operation: Operation, report: HaltReport): Operation => ({
  ...operation,
  counts: countsOf(report),
  detail: [
    ALONE,
    haltEndOf(report).detail,
    "As soon as the database is back, while this process lives, it is made a durable operation of this id, which raises the hold, stops and proves again."
  ].join(" "),
  report
})

export const endedWithout = (
  operation: Operation,
  report: HaltReport,
  finishedAt: string
): Operation => {
  const { detail, status } = haltEndOf(report)
  return {
    ...operation,
    status,
    counts: countsOf(report),
    finishedAt,
    detail: `It was begun without the database: no operation tells of it once this process has ended, the ledger does. ${detail}`,
    report
  }
}
