import type { PlannedSchedule } from "../planFirings.ts"

/** The parts of a selector of which a campaign has one alone. */
const PARTS = ["ids", "divisionIds", "queueIds"] as const

/**
 * Takes schedules apart into groups of which no two can touch the same campaign, so that each group is
 * planned by itself: planning compares each with each. By the first part of the selector that all of
 * them have; where there is none they are one group.
 */
export const independent = (
  schedules: ReadonlyArray<PlannedSchedule>
): ReadonlyArray<ReadonlyArray<PlannedSchedule>> => {
  const part = PARTS.find((one) =>
    schedules.every(({ schedule: { selector } }) => (selector[one] ?? []).length > 0)
  )
  if (part === undefined) return [schedules]
  const groupOf = new Map<string, Set<PlannedSchedule>>()
  for (const planned of schedules) {
    const values: ReadonlyArray<string> = planned.schedule.selector[part] ?? []
    const met = new Set(values.flatMap((value) => groupOf.get(value) ?? []))
    const [first = new Set<PlannedSchedule>(), ...others] = met
    first.add(planned)
    for (const other of others) for (const one of other) first.add(one)
    const all =
      others.length === 0 ? values : [...first].flatMap((one) => one.schedule.selector[part] ?? [])
    for (const value of all) groupOf.set(value, first)
  }
  return [...new Set(groupOf.values())].map((group) => [...group])
}
