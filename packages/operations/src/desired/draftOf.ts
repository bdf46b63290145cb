import type { Schedule, ScheduleDraft } from "../schedules/Schedule.ts"

/** What a schedule was asked for as. */
export const draftOf = ({
  createdAt: _at,
  createdBy: _by,
  id: _id,
  ...draft
}: Schedule): ScheduleDraft => draft
