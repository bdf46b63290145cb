import type { KeptSchedule } from "./KeptSchedule.ts"

/**
 * Whether a schedule is one of those that a caller bound to divisions may see and remove: whoever
 * added it is bound to no other divisions, or its selector names no others. Whoever is bound to none
 * may see all; a schedule that reaches beyond a caller's divisions, or says nothing of any, is not theirs.
 */
export const isTheirs = (
  bound: ReadonlyArray<string> | undefined,
  { divisionIds, schedule }: Pick<KeptSchedule, "divisionIds" | "schedule">
): boolean => {
  if (bound === undefined) return true
  const within = (divisions: ReadonlyArray<string> | null | undefined): boolean =>
    (divisions ?? []).length > 0 && (divisions ?? []).every((one) => bound.includes(one))
  return within(divisionIds) || within(schedule.selector.divisionIds)
}
