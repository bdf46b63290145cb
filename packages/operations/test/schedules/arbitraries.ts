import fc from "fast-check"
import { zones } from "./support.ts"

/** One field of a cron line, as text and as the values that it means. */
interface GeneratedField {
  readonly text: string
  readonly values: ReadonlyArray<number>
}

/** A cron line as text, and what each of its fields means, which the oracles go by. */
export interface GeneratedLine {
  readonly cron: string
  readonly seconds: ReadonlyArray<number>
  readonly minutes: ReadonlyArray<number>
  readonly hours: ReadonlyArray<number>
  readonly days: ReadonlyArray<number>
  readonly months: ReadonlyArray<number>
  readonly weekdays: ReadonlyArray<number>
  /** Both day and weekday must match; otherwise either suffices where both are restricted. */
  readonly bothDays: boolean
}

const span = (from: number, to: number, step = 1): ReadonlyArray<number> =>
  Array.from({ length: Math.floor((to - from) / step) + 1 }, (_, index) => from + index * step)

const field = (
  from: number,
  to: number,
  name: (value: number) => string = String
): fc.Arbitrary<GeneratedField> => {
  const value = fc.integer({ min: from, max: to })
  const pair = fc.tuple(value, value).map(([a, b]) => [Math.min(a, b), Math.max(a, b)] as const)
  const step = fc.integer({ min: 1, max: to })
  const part = fc.oneof(
    { weight: 3, arbitrary: value.map((one) => ({ text: name(one), values: [one] })) },
    pair.map(([a, b]) => ({ text: `${name(a)}-${name(b)}`, values: span(a, b) })),
    fc
      .tuple(pair, step)
      .map(([[a, b], by]) => ({ text: `${name(a)}-${name(b)}/${by}`, values: span(a, b, by) })),
    fc.tuple(value, step).map(([a, by]) => ({ text: `${a}/${by}`, values: span(a, to, by) }))
  )
  return fc.oneof(
    { weight: 3, arbitrary: fc.constant({ text: "*", values: span(from, to) }) },
    step.map((by) => ({ text: `*/${by}`, values: span(from, to, by) })),
    {
      weight: 3,
      arbitrary: fc.array(part, { minLength: 1, maxLength: 3 }).map((parts) => ({
        text: parts.map(({ text }) => text).join(","),
        values: [...new Set(parts.flatMap(({ values }) => values))].toSorted((a, b) => a - b)
      }))
    }
  )
}

const anything = (from: number, to: number): fc.Arbitrary<GeneratedField> =>
  fc.constant({ text: "*", values: span(from, to) })

/** The hours at which clocks are set, so that gaps and overlaps are met. */
const nightHours = field(0, 4)
const MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split(" ")
const WEEKDAYS = "Sun Mon Tue Wed Thu Fri Sat 7".split(" ")

const lineOf = (
  seconds: fc.Arbitrary<GeneratedField | undefined>,
  dates: {
    readonly days: fc.Arbitrary<GeneratedField>
    readonly months: fc.Arbitrary<GeneratedField>
    readonly weekdays: fc.Arbitrary<GeneratedField>
  }
): fc.Arbitrary<GeneratedLine> =>
  fc
    .record({
      seconds,
      minutes: field(0, 59),
      hours: fc.oneof(
        nightHours.filter(({ text }) => !text.includes("*") && !text.includes("/")),
        field(0, 23)
      ),
      ...dates
    })
    .map(({ days, hours, minutes, months, seconds, weekdays }) => ({
      cron: [seconds, minutes, hours, days, months, weekdays]
        .flatMap((part) => (part === undefined ? [] : [part.text]))
        .join(" "),
      seconds: seconds?.values ?? [0],
      minutes: minutes.values,
      hours: hours.values,
      days: days.values,
      months: months.values,
      weekdays: [...new Set(weekdays.values.map((weekday) => weekday % 7))],
      bothDays: days.text.startsWith("*") || weekdays.text.startsWith("*")
    }))

const everyDate = { days: anything(1, 31), months: anything(1, 12), weekdays: anything(0, 7) }
const anyDate = {
  days: field(1, 31),
  months: fc.oneof(
    anything(1, 12),
    field(1, 12, (month) => MONTHS[month - 1] ?? "")
  ),
  weekdays: fc.oneof(
    anything(0, 7),
    field(0, 7, (weekday) => WEEKDAYS[weekday] ?? "")
  )
}

/** Lines of all kinds; about half fire on every date, so that a change of the clocks is met often. */
export const anyLine: fc.Arbitrary<GeneratedLine> = fc.oneof(
  lineOf(fc.constant(undefined), everyDate),
  lineOf(fc.option(field(0, 59), { nil: undefined, freq: 3 }), anyDate)
)

/** Lines of five fields. */
export const anyMinuteLine: fc.Arbitrary<GeneratedLine> = fc.oneof(
  lineOf(fc.constant(undefined), everyDate),
  lineOf(fc.constant(undefined), anyDate)
)

export const anyZone: fc.Arbitrary<string> = fc.constantFrom(...zones)

const FROM = Date.UTC(2005, 0, 1)
const TO = Date.UTC(2037, 0, 1)
const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS

const changesOf = new Map<string, ReadonlyArray<number>>()

/** The hours in which a zone's clocks are set. They say where to look, not what is right there. */
export const clockChanges = (zone: string): ReadonlyArray<number> => {
  const known = changesOf.get(zone)
  if (known !== undefined) return known
  const format = new Intl.DateTimeFormat("en-US", { timeZone: zone, timeZoneName: "longOffset" })
  const offset = (at: number): string => format.format(at).split(", ")[1] ?? ""
  const changes: Array<number> = []
  for (let day = FROM; day < TO; day += DAY_MS) {
    if (offset(day) === offset(day + DAY_MS)) continue
    const hour = span(0, 23).find((hour) => offset(day + hour * HOUR_MS) !== offset(day)) ?? 24
    changes.push(day + hour * HOUR_MS)
  }
  changesOf.set(zone, changes)
  return changes
}

/** A zone and an instant there: near a change of its clocks most of the time, if it has any. */
export const zoneAndInstant: fc.Arbitrary<{ readonly zone: string; readonly after: number }> = fc
  .record({
    zone: anyZone,
    pick: fc.nat(),
    near: fc.integer({ min: 0, max: 3 }),
    by: fc.integer({ min: -30 * HOUR_MS, max: 6 * HOUR_MS }),
    anywhere: fc.integer({ min: FROM / 1_000, max: TO / 1_000 }),
    round: fc.constantFrom(1, 1_000, 60_000, 900_000)
  })
  .map(({ anywhere, by, near, pick, round, zone }) => {
    const changes = clockChanges(zone)
    const change = near === 0 ? undefined : changes[pick % changes.length]
    const at = change === undefined ? anywhere * 1_000 : change + by
    return { zone, after: Math.floor(at / round) * round }
  })
