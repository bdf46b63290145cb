import { DAY_MS } from "@campaignctl/core"
import { Cron } from "effect"
import type { CronLine } from "./cronLine.ts"
import { type CronTimetable, localDay } from "./Timetable.ts"

/** The last instant that is looked at, in epoch milliseconds: years have four digits. */
export const LAST_MS = Date.UTC(9999, 11, 31)

/**
 * The next local time after another at which a timetable is due, by the calendar alone: whether the
 * clocks of the zone ever show it, or show it twice, is not its question.
 */
export const nextLocal = (table: CronTimetable, afterLocal: number): number | undefined => {
  const regular = nextRegular(table, afterLocal)
  const extra = nextExtra(table, afterLocal)
  return regular === undefined || extra === undefined
    ? (regular ?? extra)
    : Math.min(regular, extra)
}

const nextRegular = ({ line, silent }: CronTimetable, afterLocal: number): number | undefined => {
  // The search of a line without a date would end in an exception, after ten thousand steps.
  if (line.neverFires) return undefined
  let from = afterLocal
  while (from <= LAST_MS) {
    const local = nextOf(line, from)
    const day = localDay(local)
    if (!silent.has(day)) return local
    from = (day + 1) * DAY_MS - 1
  }
  return undefined
}

const nextExtra = ({ daily, extra }: CronTimetable, afterLocal: number): number | undefined => {
  if (daily === undefined) return undefined
  for (const day of extra) {
    if (day < localDay(afterLocal)) continue
    const local = nextOf(daily, Math.max(afterLocal, day * DAY_MS - 1))
    if (localDay(local) === day) return local
  }
  return undefined
}

const nextOf = ({ cron }: CronLine, afterLocal: number): number =>
  Cron.next(cron, afterLocal).getTime()
