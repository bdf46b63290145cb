export { type DstCase, dstCases } from "./dstCases.ts"
export { firingsBetween, lastFiring, nextFiring } from "./firings.ts"
export { layerSchedules, type ScheduleOptions } from "./kept/layerSchedules.ts"
export {
  type DueFiring,
  type FiringPlan,
  nextPlanAt,
  planFirings,
  type PlannedSchedule,
  type SkippedFirings
} from "./planFirings.ts"
export { type ReadSchedule, readSchedule, type ScheduleWarning } from "./readSchedule.ts"
export { renderDstTable } from "./renderDstTable.ts"
export {
  CronTimes,
  DEFAULT_START_GRACE_MS,
  FixedTimes,
  isStart,
  Schedule,
  ScheduleDraft,
  ScheduleTimes
} from "./Schedule.ts"
export type { SkipReason } from "./sentences.ts"
export { type HolidayLists, type Timed, type Timetable, timetableOf } from "./Timetable.ts"
