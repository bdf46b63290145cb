import { unknown, type Unknown, type WindowJudged } from "../guards/Facts.ts"
import type { CallingWindow, LocalWindowState } from "./CallingWindow.ts"
import { describeHours } from "./describeHours.ts"
import { findEdge, isJudgeable } from "./findEdge.ts"
import { dateTimeText } from "./localDate.ts"
import { isOpenAt, localMsAt, type ZoneHours, zoneHours } from "./zoneHours.ts"

/**
 * Judges the calling window at one instant, zone by zone, on what the wall clocks of each zone show.
 *
 * Pure and total. A zone that is not known, or an instant that is no date, gives `Unknown`, which
 * refuses an activation: it is never taken for open. A slot that ends before it begins never holds.
 */
export const judgeWindow = (window: CallingWindow, atMs: number): WindowJudged | Unknown => {
  if (!isJudgeable(atMs)) return unknown(`${atMs} is not an instant in milliseconds.`)
  const states: Array<LocalWindowState> = []
  const known: Array<ZoneHours> = []
  const strange: Array<string> = []
  for (const zoneWindow of window.zones) {
    const hours = zoneHours(zoneWindow)
    if (hours === undefined) {
      strange.push(`“${zoneWindow.zone}”`)
      continue
    }
    known.push(hours)
    states.push({
      zone: zoneWindow.zone,
      open: isOpenAt(hours, atMs),
      localTime: dateTimeText(localMsAt(hours, atMs)),
      detail: describeHours(hours, atMs)
    })
  }
  if (strange.length > 0) return unknown(`no time zone has the name ${strange.join(" or ")}.`)
  // The type asks for one zone at least; a window that was made around it must not count as open.
  if (states.length === 0) return unknown("the calling window names no zone.")
  const open = states.every((state) => state.open)
  const opensAt = open ? undefined : findEdge(known, atMs, true)
  return {
    _tag: "WindowJudged",
    open,
    zones: states,
    ...(opensAt === undefined ? {} : { opensAt })
  }
}
