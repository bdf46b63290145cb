import type { Schedule } from "./Schedule.ts"

/**
 * Why a firing is not carried out.
 *
 * - `newer-firing`: the same schedule has fired again since
 * - `superseded`: a later firing of another schedule, over all its campaigns, has taken its place
 * - `stop-since`: a start, where a stop over one of its campaigns was due since
 * - `too-late`: a start, beyond its grace
 * - `disabled`: the schedule is not enabled
 */
export type SkipReason = "newer-firing" | "superseded" | "stop-since" | "too-late" | "disabled"

interface Skipped {
  readonly schedule: Schedule
  readonly at: number
  readonly now: number
  readonly graceMs: number
  /** The firing that stands in the way. */
  readonly by?: { readonly schedule: Schedule; readonly at: number }
}

const WHY: Readonly<Record<SkipReason, (skipped: Skipped) => string>> = {
  "newer-firing": ({ by }) => `it fired again${byText(by, false)}`,
  superseded: ({ by }) => `a later one has taken its place${byText(by, true)}`,
  "stop-since": ({ by }) => `a stop was due since${byText(by, true)}`,
  "too-late": ({ at, graceMs, now }) =>
    `it is ${durationText(now - at)} late, and a start is made up within ${durationText(graceMs)} only`,
  disabled: () => "the schedule is not enabled"
}

/** Why a firing was not carried out, for the ledger. */
export const skipSentence = (reason: SkipReason, skipped: Skipped): string =>
  `“${skipped.schedule.name}” was due ${instantText(skipped.at)} and was skipped: ${WHY[reason](skipped)}.`

/** Why a firing is carried out now, for the ledger. */
export const dueSentence = ({ name }: Schedule, at: number, now: number): string =>
  now - at < SECOND_MS
    ? `“${name}” was due ${instantText(at)}.`
    : `“${name}” was due ${instantText(at)}, and is carried out ${durationText(now - at)} late.`

const byText = (by: Skipped["by"], named: boolean): string => {
  if (by === undefined) return ""
  const at = ` at ${instantText(by.at)}`
  return named ? ` (“${by.schedule.name}”${at})` : at
}

const SECOND_MS = 1_000
const UNITS = [
  ["d", 86_400 * SECOND_MS],
  ["h", 3_600 * SECOND_MS],
  ["min", 60 * SECOND_MS],
  ["s", SECOND_MS]
] as const

/** The two largest units of a duration, rounded down: `2 h 5 min`, `300 ms`. */
const durationText = (durationMs: number): string => {
  const first = UNITS.findIndex(([, ms]) => durationMs >= ms)
  if (first < 0) return `${durationMs} ms`
  let rest = durationMs
  return UNITS.slice(first, first + 2)
    .flatMap(([unit, ms]) => {
      const count = Math.floor(rest / ms)
      rest -= count * ms
      return count === 0 ? [] : [`${count} ${unit}`]
    })
    .join(" ")
}

const instantText = (at: number): string => new Date(at).toISOString().replace(".000Z", "Z")
