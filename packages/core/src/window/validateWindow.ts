import type { Problem } from "../errors/errors.ts"
import type { CallingWindow, WindowSlot, ZoneWindow } from "./CallingWindow.ts"
import { dayNumber } from "./localDate.ts"
import { timeOfDayMs } from "./timeOfDay.ts"
import { zoneClock } from "./zoneClock.ts"

/**
 * Everything that is wrong with a calling window, all at once; nothing where it can be used.
 * The keys are paths, such as `zones[0].slots[1].from`.
 */
export const validateWindow = (window: CallingWindow): ReadonlyArray<Problem> =>
  // The type asks for one zone at least; configuration may come around it.
  window.zones.length === 0
    ? [{ key: "zones", expected: "one zone at least", found: "none" }]
    : window.zones.flatMap((zone, index) => zoneProblems(zone, `zones[${index}]`))

const zoneProblems = (window: ZoneWindow, path: string): ReadonlyArray<Problem> => [
  ...(zoneClock(window.zone) === undefined
    ? [
        {
          key: `${path}.zone`,
          expected: "an IANA time zone such as Europe/Berlin",
          found: quoted(window.zone)
        }
      ]
    : []),
  ...window.slots.flatMap((slot, index) => slotProblems(slot, `${path}.slots[${index}]`)),
  ...(window.holidays ?? []).flatMap((date, index) =>
    dayNumber(date) === undefined
      ? [
          {
            key: `${path}.holidays[${index}]`,
            expected: "a date of the calendar, YYYY-MM-DD",
            found: quoted(date)
          }
        ]
      : []
  )
]

const slotProblems = ({ days, from, to }: WindowSlot, path: string): ReadonlyArray<Problem> => {
  const strange = [["from", from] as const, ["to", to] as const].flatMap(([name, time]) =>
    Number.isNaN(timeOfDayMs(time))
      ? [
          {
            key: `${path}.${name}`,
            expected: "a time HH:mm from 00:00 to 24:00",
            found: quoted(time)
          }
        ]
      : []
  )
  const backwards =
    strange.length === 0 && timeOfDayMs(from) >= timeOfDayMs(to)
      ? [
          {
            key: path,
            expected: "hours that begin before they end; hours past midnight are two slots",
            found: `${from}-${to}`
          }
        ]
      : []
  const never =
    days?.length === 0
      ? [
          {
            key: `${path}.days`,
            expected: "one weekday at least, or none named for every day",
            found: "an empty list"
          }
        ]
      : []
  const noWeekday = (days ?? []).flatMap((day, index) =>
    Number.isInteger(day) && day >= 1 && day <= 7
      ? []
      : [
          {
            key: `${path}.days[${index}]`,
            expected: "a weekday from 1 (Monday) to 7 (Sunday)",
            found: String(day)
          }
        ]
  )
  return [...strange, ...backwards, ...never, ...noWeekday]
}

const quoted = (text: string): string => `“${text}”`
