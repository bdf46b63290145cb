import {
  type CampaignPolicy,
  CallingWindow,
  decodeOrProblems,
  decodeWindow,
  parseWindow,
  PauseReason,
  type Problem,
  TargetState,
  withWrittenIds
} from "@campaignctl/core"
import { Result, Schema } from "effect"
import type { OperationChange } from "../domain/Operation.ts"
import { Selector } from "../domain/Selector.ts"
import { readSchedule } from "../schedules/readSchedule.ts"
import type { ScheduleDraft } from "../schedules/Schedule.ts"
import type { HolidayLists } from "../schedules/Timetable.ts"

/** What is wanted of the campaigns that one entry selects. */
export interface FleetEntry {
  readonly select: Selector
  /** Absent where their state is nobody's business here. */
  readonly change?: OperationChange
  readonly policy: CampaignPolicy
}

/** A declarative file: the states, windows, minimum agents and schedules that are wanted. */
export interface FleetFile {
  /** By which what the file manages is told from what others do. */
  readonly name: string
  /** The first entry that selects a campaign speaks for it; those after it do not. */
  readonly entries: ReadonlyArray<FleetEntry>
  readonly schedules: ReadonlyArray<ScheduleDraft>
}

/** Entries and schedules of one file. */
const LIST_LIMIT = 1_000
const NAME_LIMIT = 100
/** Agents of one campaign's minimum: more than a contact centre has. */
const AGENTS_LIMIT = 100_000

const Shape = Schema.Struct({
  version: Schema.Literal(1),
  name: Schema.NonEmptyString.check(Schema.isMaxLength(NAME_LIMIT)),
  campaigns: Schema.optionalKey(
    Schema.Array(
      Schema.Struct({
        select: Selector,
        state: Schema.optionalKey(TargetState),
        pauseReason: Schema.optionalKey(PauseReason),
        note: Schema.optionalKey(Schema.NonEmptyString),
        drain: Schema.optionalKey(Schema.Boolean),
        restart: Schema.optionalKey(Schema.Boolean),
        window: Schema.optionalKey(Schema.Union([Schema.String, CallingWindow])),
        minimumAgents: Schema.optionalKey(
          Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: AGENTS_LIMIT }))
        )
      })
    ).check(Schema.isMaxLength(LIST_LIMIT))
  ),
  schedules: Schema.optionalKey(Schema.Array(Schema.Unknown).check(Schema.isMaxLength(LIST_LIMIT)))
})

type EntryShape = NonNullable<(typeof Shape.Type)["campaigns"]>[number]

const decodeShape = decodeOrProblems(Shape)

/** A fleet file from a JSON value. Fails with every problem at once; keys are paths in the value. */
export const readFleetFile = (
  value: unknown,
  lists: HolidayLists,
  now: number
): Result.Result<FleetFile, ReadonlyArray<Problem>> =>
  Result.flatMap(decodeShape(value), ({ campaigns = [], name, schedules = [] }) => {
    const entries = campaigns.map((entry, index) => readEntry(entry, `campaigns[${index}]`))
    const drafts = schedules.map((draft, index) =>
      Result.mapError(
        Result.map(readSchedule(draft, lists, now), (read) => read.draft),
        under(`schedules[${index}]`)
      )
    )
    const problems = [
      ...entries.flatMap((read) => (Result.isFailure(read) ? read.failure : [])),
      ...drafts.flatMap((read) => (Result.isFailure(read) ? read.failure : [])),
      ...namesTwice(drafts.flatMap((read) => (Result.isSuccess(read) ? [read.success.name] : [])))
    ]
    return problems.length > 0
      ? Result.fail(problems)
      : Result.succeed({
          name,
          entries: entries.flatMap((read) => (Result.isSuccess(read) ? [read.success] : [])),
          schedules: drafts.flatMap((read) => (Result.isSuccess(read) ? [read.success] : []))
        })
  })

const readEntry = (
  entry: EntryShape,
  path: string
): Result.Result<FleetEntry, ReadonlyArray<Problem>> => {
  const window = readWindow(entry.window)
  const problems = [
    ...(Result.isFailure(window) ? under(`${path}.window`)(window.failure) : []),
    ...entryProblems(entry).map((problem) => ({ ...problem, key: `${path}.${problem.key}` }))
  ]
  if (problems.length > 0 || Result.isFailure(window)) return Result.fail(problems)
  const { drain, minimumAgents, note, pauseReason, restart, select, state } = entry
  return Result.succeed({
    select: withWrittenIds(select),
    ...(state === undefined
      ? {}
      : {
          change: {
            target: state,
            ...(pauseReason === undefined ? {} : { pauseReason }),
            ...(note === undefined ? {} : { note }),
            ...(drain === undefined ? {} : { drain }),
            ...(restart === undefined ? {} : { restart })
          }
        }),
    policy: {
      ...(window.success === undefined ? {} : { window: window.success }),
      ...(minimumAgents === undefined ? {} : { minimumAgents })
    }
  })
}

const readWindow = (
  window: EntryShape["window"]
): Result.Result<CallingWindow | undefined, ReadonlyArray<Problem>> => {
  if (window === undefined) return Result.succeed(undefined)
  return typeof window === "string" ? parseWindow(window) : decodeWindow(window)
}

/** What the shape alone does not tell. */
const entryProblems = (entry: EntryShape): ReadonlyArray<Problem> => [
  ...(entry.select.states === undefined
    ? []
    : [
        {
          key: "select.states",
          expected: "nothing: what is wanted must not depend on what is",
          found: entry.select.states.join(", ")
        }
      ]),
  ...(entry.state === "paused" && entry.pauseReason === undefined
    ? [
        {
          key: "pauseReason",
          expected: `${PauseReason.literals.join(", ")} for a pause`,
          found: "nothing"
        }
      ]
    : []),
  ...(entry.state === undefined && entry.window === undefined && entry.minimumAgents === undefined
    ? [{ key: "state", expected: "a state, a window or minimumAgents", found: "none of them" }]
    : [])
]

const namesTwice = (names: ReadonlyArray<string>): ReadonlyArray<Problem> =>
  [...new Set(names.filter((name, index) => names.indexOf(name) !== index))].map((name) => ({
    key: "schedules",
    expected: "names that differ",
    found: `“${name}” twice`
  }))

const under =
  (path: string) =>
  (problems: ReadonlyArray<Problem>): ReadonlyArray<Problem> =>
    problems.map((problem) => ({
      ...problem,
      key: problem.key === "" ? path : `${path}.${problem.key}`
    }))
