import { CallingWindow, type Unknown, unknown, validateWindow } from "@campaignctl/core"
import { Option, Schema } from "effect"
import { fieldOf, listOf, numberOf, textOf } from "../wire/json.ts"

const decodeWindow = Schema.decodeUnknownOption(CallingWindow)

type Slot = {
  readonly days: ReadonlyArray<number | undefined>
  readonly from: string | undefined
  readonly to: string | undefined
}

/**
 * The calling window that a Genesys callable time set stands for. Genesys' days are 1 to 7 from
 * Monday as ours are, and its stop time is excluded as ours is.
 *
 * A set that cannot be read whole is unknown: a slot left out would be a window that nobody chose.
 */
export const windowOfCallableTimes = (body: unknown, name: string): CallingWindow | Unknown => {
  const times = listOf(body, "callableTimes")
  if (times.length === 0) return unknown(`the callable time set ${name} has no times.`)
  const zones = new Map<string | undefined, ReadonlyArray<Slot>>()
  for (const time of times) {
    const zone = textOf(time, "timeZoneId")
    zones.set(zone, [...(zones.get(zone) ?? []), ...listOf(time, "timeSlots").map(slotOf)])
  }
  const window = decodeWindow({
    zones: [...zones].map(([zone, slots]) => ({ zone, slots: byHours(slots) }))
  })
  if (Option.isNone(window) || validateWindow(window.value).length > 0)
    return unknown(`the callable time set ${name} has a time that cannot be read.`)
  return window.value
}

/** One slot for each pair of times, with all its days. */
const byHours = (slots: ReadonlyArray<Slot>): ReadonlyArray<Slot> =>
  [...Map.groupBy(slots, ({ from, to }) => `${from} ${to}`).values()].flatMap((same) =>
    same.slice(0, 1).map((slot) => ({ ...slot, days: same.flatMap(({ days }) => days) }))
  )

const slotOf = (slot: unknown): Slot => ({
  days: [numberOf(fieldOf(slot, "day"))],
  from: textOf(slot, "startTime"),
  to: textOf(slot, "stopTime")
})
