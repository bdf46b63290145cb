import { createHash } from "node:crypto"
import { canonicalJson, type Problem } from "@campaignctl/core"
import { Result } from "effect"
import { nextFiring } from "../firings.ts"
import type { Schedule } from "../Schedule.ts"
import { type HolidayLists, type Timetable, timetableOf } from "../Timetable.ts"

/**
 * What the next firing of a schedule depends on beside the schedule: the holiday lists and the rules of
 * the time zones. Where it is another than when `next_at` was computed, that is computed again.
 */
export const basisOf = (lists: HolidayLists): string => {
  const digest = createHash("sha256").update(canonicalJson(lists)).digest("hex")
  return `${process.versions.tz ?? process.versions.icu ?? "unknown"} ${digest}`
}

/** A schedule's timetable, or why it has none, as a sentence for a person. */
export const timesOf = (
  schedule: Pick<Schedule, "when" | "change">,
  lists: HolidayLists
): Result.Result<Timetable, string> =>
  Result.mapError(
    timetableOf(schedule, lists),
    (problems) => `Its times cannot be told: ${sentenceOf(problems)}`
  )

const sentenceOf = (problems: ReadonlyArray<Problem>): string =>
  `${problems.map(({ expected, found, key }) => `${key}: expected ${expected}, found ${found}`).join("; ")}.`

/** When a schedule is to be looked at after `after`, and why it cannot be said. */
export const nextLook = (
  schedule: Pick<Schedule, "when" | "change">,
  lists: HolidayLists,
  after: number
): { readonly nextAt: number | null; readonly problem: string | null } =>
  Result.match(timesOf(schedule, lists), {
    onSuccess: (timetable) => ({ nextAt: nextFiring(timetable, after) ?? null, problem: null }),
    onFailure: (problem) => ({ nextAt: null, problem })
  })
