import { Schema } from "effect"

/** There is no such schedule, or it is not the caller's to see. */
export class ScheduleNotFound extends Schema.TaggedError<ScheduleNotFound>()("ScheduleNotFound", {
  schedule: Schema.String
}) {
  override get message(): string {
    return `There is no schedule ${this.schedule}.`
  }
}
