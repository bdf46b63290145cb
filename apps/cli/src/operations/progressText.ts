import type { BudgetSeen } from "@campaignctl/core"
import type { Operation, OperationCounts } from "@campaignctl/operations"
import { durationText } from "../arguments/duration.ts"

/** Characters of the bar. */
const BAR_WIDTH = 24
const MS_PER_MINUTE = 60_000

/** Campaigns of an operation. */
export const totalOf = (counts: OperationCounts): number =>
  Object.values(counts).reduce((sum, count) => sum + count, 0)

const notDone = ({ draining, pending, running }: OperationCounts): number =>
  pending + running + draining

/** Campaigns of which it is known what has come. */
export const doneOf = (counts: OperationCounts): number => totalOf(counts) - notDone(counts)

/** Campaigns for which it did not end as was asked. */
export const troubleOf = ({ failed, rejected, unknown }: OperationCounts): number =>
  failed + rejected + unknown

/** What is known of the pace: when it was first looked at, and how much was done then. */
export interface PaceStart {
  readonly atMs: number
  readonly done: number
}

/** One line on how far an operation is: done, failed, rate, time left, and the requests that Genesys grants. */
export const progressText = (
  { counts, status }: Pick<Operation, "counts" | "status">,
  start: PaceStart,
  nowMs: number,
  budget?: Pick<BudgetSeen, "used" | "allowed">
): string => {
  const total = totalOf(counts)
  if (total === 0) return `${status}: campaigns are being listed`
  const done = doneOf(counts)
  const filled = Math.round((done / total) * BAR_WIDTH)
  const bar = `[${"#".repeat(filled)}${".".repeat(BAR_WIDTH - filled)}]`
  const trouble = troubleOf(counts)
  const perMs = (done - start.done) / Math.max(1, nowMs - start.atMs)
  const rate = perMs > 0 ? [`${Math.round(perMs * MS_PER_MINUTE)}/min`] : []
  const left = perMs > 0 && done < total ? [`${durationText((total - done) / perMs)} left`] : []
  return [
    `${bar} ${done}/${total}`,
    ...(trouble === 0 ? [] : [`${trouble} not done`]),
    ...(counts.draining === 0 ? [] : [`${counts.draining} draining`]),
    ...rate,
    ...left,
    ...(budget === undefined ? [] : [`${budget.used} of ${budget.allowed} requests a minute`]),
    ...(status === "running" ? [] : [status])
  ].join("  ")
}
