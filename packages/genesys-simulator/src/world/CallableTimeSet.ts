import type { JsonObject } from "../Json.ts"

/** When contacts may be called, by time zone. Days run from 1, Monday, to 7, Sunday. */
export interface CallableTimeSet {
  readonly id: string
  readonly name: string
  readonly callableTimes: ReadonlyArray<{
    readonly timeZoneId: string
    readonly timeSlots: ReadonlyArray<{
      readonly day: number
      readonly startTime: string
      readonly stopTime: string
    }>
  }>
}

export const renderCallableTimeSet = (set: CallableTimeSet, createdAt: string): JsonObject => ({
  id: set.id,
  name: set.name,
  dateCreated: createdAt,
  dateModified: createdAt,
  version: 1,
  callableTimes: set.callableTimes.map((times) => ({
    timeZoneId: times.timeZoneId,
    timeSlots: times.timeSlots.map((slot) => ({ ...slot }))
  })),
  selfUri: `/api/v2/outbound/callabletimesets/${set.id}`
})
