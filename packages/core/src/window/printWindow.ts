import type { CallingWindow, WindowSlot, ZoneWindow } from "./CallingWindow.ts"
import { inRuns } from "./runs.ts"
import { printWeekdays } from "./weekdayNames.ts"

/**
 * The short text of a calling window, which `parseWindow` reads back to the same window:
 * `Mon-Fri 10:00-13:00,14:00-20:00; Sat 10:00-14:00 Europe/Paris`, zones joined by ` & `.
 */
export const printWindow = ({ zones }: CallingWindow): string => zones.map(printZone).join(" & ")

const printZone = ({ holidays, slots, zone }: ZoneWindow): string => {
  const hours = slots.length === 0 ? "closed" : runsOfDays(slots).map(printGroup).join("; ")
  const except = holidays === undefined ? "" : ` except ${holidays.join(",") || "none"}`
  return `${hours} ${zone}${except}`
}

/** Slots of the same weekdays that follow one another are written behind those weekdays once. */
const runsOfDays = (slots: ReadonlyArray<WindowSlot>): ReadonlyArray<ReadonlyArray<WindowSlot>> =>
  inRuns<WindowSlot, ReadonlyArray<WindowSlot>>(
    slots,
    (slot) => [slot],
    (run, slot) => (daysText(run[0]) === daysText(slot) ? [...run, slot] : undefined)
  )

const printGroup = (slots: ReadonlyArray<WindowSlot>): string =>
  `${daysText(slots[0])}${slots.map(({ from, to }) => `${from}-${to}`).join(",")}`

const daysText = (slot: WindowSlot | undefined): string =>
  slot?.days === undefined ? "" : `${printWeekdays(slot.days)} `
