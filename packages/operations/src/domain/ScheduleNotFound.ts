import type { ErrorPage } from "@campaignctl/core"
import { Schema } from "effect"
import { operationsErrors } from "./errorPages.ts"

/** There is no such schedule, or it is not the caller's to see. */
export class ScheduleNotFound extends Schema.TaggedError<ScheduleNotFound>()("ScheduleNotFound", {
  schedule: Schema.String
}) {
  readonly page: ErrorPage = operationsErrors.ScheduleNotFound
  override get message(): string {
    return `There is no schedule ${this.schedule}.`
  }
}
