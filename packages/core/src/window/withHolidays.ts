import type { CallingWindow, ZoneWindow } from "./CallingWindow.ts"

/** The window with further local dates on which every zone is closed. */
export const withHolidays = (
  { zones: [first, ...others] }: CallingWindow,
  dates: ReadonlyArray<string>
): CallingWindow => {
  if (dates.length === 0) return { zones: [first, ...others] }
  const closed = (zone: ZoneWindow): ZoneWindow => ({
    ...zone,
    holidays: [...new Set([...(zone.holidays ?? []), ...dates])]
  })
  return { zones: [closed(first), ...others.map(closed)] }
}
