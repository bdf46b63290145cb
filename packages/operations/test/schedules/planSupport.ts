import { CampaignId } from "@campaignctl/core"
import { Result } from "effect"
import {
  type CronTimes,
  type FiringPlan,
  type FixedTimes,
  type PlannedSchedule,
  type Schedule,
  timetableOf
} from "../../src/schedules/index.ts"
import { at, texts } from "./support.ts"

export const campaignId = (last: number): CampaignId =>
  CampaignId.make(`00000000-0000-4000-8000-00000000000${last}`)

export const pause = { target: "paused", pauseReason: "OTHER" } as const
export const start = { target: "active" } as const

/** A schedule over all campaigns that was made on 1 January 2026, with what a test says otherwise. */
export const planned = (
  id: string,
  when: CronTimes | FixedTimes,
  change: Schedule["change"],
  options: Partial<Schedule> & { readonly lastHandled?: string | number } = {}
): PlannedSchedule => {
  const { lastHandled, ...others } = options
  const schedule: Schedule = {
    id,
    name: id,
    when,
    change,
    selector: { all: true },
    enabled: true,
    createdBy: "anna",
    createdAt: "2026-01-01T00:00:00.000Z",
    ...others
  }
  const timetable = Result.getOrThrowWith(
    timetableOf(schedule),
    (problems) => new Error(JSON.stringify(problems))
  )
  return {
    schedule,
    timetable,
    ...(lastHandled === undefined
      ? {}
      : { lastHandled: typeof lastHandled === "string" ? at(lastHandled) : lastHandled })
  }
}

/** A plan in a form that a test can write down. */
export const told = ({ due, skipped }: FiringPlan) => ({
  due: due.map((firing) => `${firing.schedule.id} ${texts([firing.at]).join("")}`),
  skipped: skipped.map(
    ({ count, firstAt, reason, schedule }) =>
      `${schedule.id} ${texts([firstAt]).join("")} ${reason}${count > 1 ? ` (${count})` : ""}`
  )
})
