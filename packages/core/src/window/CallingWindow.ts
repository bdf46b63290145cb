import { Schema } from "effect"
import { TIME_OF_DAY } from "./timeOfDay.ts"

/** A time of day as `HH:mm` or `HH:mm:ss`, on a 24-hour clock; `24:00` is the end of the day. */
export const TimeOfDay = Schema.String.check(
  Schema.isPattern(TIME_OF_DAY, { expected: "a time HH:mm from 00:00 to 24:00" })
)

/** ISO weekday: 1 is Monday, 7 is Sunday. The same numbering as Genesys callable time sets. */
export const Weekday = Schema.Literals([1, 2, 3, 4, 5, 6, 7])
export type Weekday = typeof Weekday.Type

/** A stretch of local time in which calls may be placed: `from` included, `to` excluded, `from` before `to`. */
export const WindowSlot = Schema.Struct({
  /** The weekdays it holds on; every day when absent. */
  days: Schema.optionalKey(Schema.Array(Weekday)),
  from: TimeOfDay,
  to: TimeOfDay
})
export type WindowSlot = typeof WindowSlot.Type

/** The calling hours of one IANA zone. */
export const ZoneWindow = Schema.Struct({
  /** IANA name, such as `Europe/Berlin` or `UTC`. */
  zone: Schema.String,
  /** Open when any slot holds. No slot at all: never open. */
  slots: Schema.Array(WindowSlot),
  /** Local dates, `YYYY-MM-DD`, on which the zone is closed all day. */
  holidays: Schema.optionalKey(
    Schema.Array(Schema.String.check(Schema.isPattern(/^\d{4}-\d{2}-\d{2}$/)))
  )
})
export type ZoneWindow = typeof ZoneWindow.Type

/** When calls may be placed. Several zones: all of them must be open at once. */
export const CallingWindow = Schema.Struct({
  zones: Schema.NonEmptyArray(ZoneWindow)
})
export type CallingWindow = typeof CallingWindow.Type

/** How one zone's hours stand at one instant. */
export interface LocalWindowState {
  readonly zone: string
  readonly open: boolean
  /** The local time there, `YYYY-MM-DD HH:mm:ss`. */
  readonly localTime: string
  /** One clause for a person: "open until 20:00", "closed, opens 09:00", "closed on Sundays, opens Monday 09:00". */
  readonly detail: string
}

/** 09:00 to 20:00 UTC, every day. Source: the described contract's numbers. */
export const defaultCallingWindow: CallingWindow = {
  zones: [{ zone: "UTC", slots: [{ from: "09:00", to: "20:00" }] }]
}
