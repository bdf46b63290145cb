import { decodeOrProblems, PauseReason, type Problem, withWrittenIds } from "@campaignctl/core"
import { Result, Schema } from "effect"
import { nextFiring } from "./firings.ts"
import {
  CronTimes,
  draftFields,
  FixedTimes,
  isStart,
  type ScheduleDraft,
  ScheduleTimes
} from "./Schedule.ts"
import { type HolidayLists, type Timetable, timetableOf } from "./Timetable.ts"

/** Something that is allowed, and is probably not what was meant. */
export interface ScheduleWarning {
  /** A path, as a problem's. */
  readonly key: string
  readonly detail: string
}

export interface ReadSchedule {
  readonly draft: ScheduleDraft
  readonly timetable: Timetable
  readonly warnings: ReadonlyArray<ScheduleWarning>
}

const decodersOf = <A extends ScheduleTimes>(schema: Schema.Decoder<A>) => ({
  whole: decodeOrProblems(Schema.Struct({ ...draftFields, when: schema })),
  times: decodeOrProblems(schema)
})

/** The two ways to tell the times have nothing in common: with one chosen, the problems are those of one. */
const decoders = {
  cron: decodersOf(CronTimes),
  at: decodersOf(FixedTimes),
  either: decodersOf(ScheduleTimes)
}

/**
 * A schedule from a JSON value, with the names of holiday lists known, as it is asked for at `now`.
 * Fails with every problem at once; keys are paths in the value.
 */
export const readSchedule = (
  value: unknown,
  lists: HolidayLists,
  now: number
): Result.Result<ReadSchedule, ReadonlyArray<Problem>> => {
  const { times, whole } = decoders[wayOf(value)]
  const read = whole(value)
  if (Result.isFailure(read)) {
    // What is wrong elsewhere does not hide what is wrong with the times.
    const when = times(memberOf(value, "when"))
    const timetable = Result.isFailure(when)
      ? Result.fail([])
      : timetableOf({ when: when.success, change: { target: "active" } }, lists)
    return Result.fail([...read.failure, ...(Result.isFailure(timetable) ? timetable.failure : [])])
  }
  const draft = { ...read.success, selector: withWrittenIds(read.success.selector) }
  const timetable = timetableOf(draft, lists)
  const problems = [
    ...(Result.isFailure(timetable) ? timetable.failure : []),
    ...changeProblems(draft)
  ]
  return Result.isFailure(timetable) || problems.length > 0
    ? Result.fail(problems)
    : Result.succeed({
        draft,
        timetable: timetable.success,
        warnings: warningsOf(draft, timetable.success, now)
      })
}

const wayOf = (value: unknown): keyof typeof decoders => {
  const when = memberOf(value, "when")
  if (memberOf(when, "cron") !== undefined) return "cron"
  return memberOf(when, "at") === undefined ? "either" : "at"
}

const memberOf = (value: unknown, key: string): unknown =>
  typeof value === "object" && value !== null && Object.hasOwn(value, key)
    ? Reflect.get(value, key)
    : undefined

const changeProblems = ({ change }: ScheduleDraft): ReadonlyArray<Problem> =>
  change.target === "paused" && change.pauseReason === undefined
    ? [
        {
          key: "change.pauseReason",
          expected: `${PauseReason.literals.join(", ")} for a pause`,
          found: "nothing"
        }
      ]
    : []

const warningsOf = (
  { change, when }: ScheduleDraft,
  timetable: Timetable,
  now: number
): ReadonlyArray<ScheduleWarning> => [
  ...(timetable._tag === "Cron" && timetable.line.perMinute > 1
    ? [
        {
          key: "when.cron",
          detail: `The line fires ${timetable.line.perMinute} times in a minute: each firing lists the campaigns, and takes from the requests that Genesys grants.`
        }
      ]
    : []),
  ...("cron" in when && when.holidays !== undefined && !isStart(change)
    ? [
        {
          key: "when.holidays",
          detail:
            "A stop fires on holidays too; dates on which it is not to fire belong in when.except."
        }
      ]
    : []),
  ...(timetable._tag === "Fixed" && timetable.instants.some((at) => at <= now)
    ? [
        {
          key: "when.at",
          detail: `${timetable.instants.filter((at) => at <= now).length} of ${timetable.instants.length} instants have passed, and will not fire.`
        }
      ]
    : []),
  ...(timetable._tag === "Cron" && nextFiring(timetable, now) === undefined
    ? [
        {
          key: "when",
          detail: "It will not fire again: all its dates have passed or are excepted."
        }
      ]
    : [])
]
