import type { ScheduleView } from "../ports/Schedules.ts"
import { canonicalText } from "./canonicalText.ts"
import { draftOf } from "./draftOf.ts"
import type { ScheduleDifference } from "./FilePlan.ts"
import type { FleetFile } from "./FleetFile.ts"

/**
 * The schedules that a file wants to be added, replaced or removed, and why it cannot have some.
 *
 * @param kept those that the caller may know of
 * @param taken the names of all that there are: a name is taken once, whoever may know by whom
 */
export const scheduleDifferences = (
  file: FleetFile,
  kept: ReadonlyArray<ScheduleView>,
  taken: ReadonlySet<string>
): {
  readonly differences: ReadonlyArray<ScheduleDifference>
  readonly refusals: ReadonlyArray<string>
} => {
  const byName = new Map(kept.map((view) => [view.schedule.name, view]))
  const wanted = new Set(file.schedules.map(({ name }) => name))
  const differences: Array<ScheduleDifference> = []
  const refusals: Array<string> = []
  for (const draft of file.schedules) {
    const found = byName.get(draft.name)
    if (found === undefined && taken.has(draft.name))
      refusals.push(`The name “${draft.name}” is taken by another schedule.`)
    else if (found === undefined) differences.push({ name: draft.name, change: "add" })
    else if (found.managedBy !== file.name)
      refusals.push(
        `There is a schedule “${draft.name}” already, ${found.managedBy === null ? "added by hand" : `kept by the file “${found.managedBy}”`}.`
      )
    else if (textOfDraft(draft) !== textOfDraft(draftOf(found.schedule)))
      differences.push({ name: draft.name, change: "replace" })
  }
  for (const { managedBy, schedule } of kept)
    if (managedBy === file.name && !wanted.has(schedule.name))
      differences.push({ name: schedule.name, change: "remove" })
  return { differences, refusals }
}

/** Enabled and not said to be is the same. */
const textOfDraft = (draft: FleetFile["schedules"][number]): string =>
  canonicalText({ ...draft, enabled: draft.enabled ?? true })
