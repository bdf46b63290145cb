import type { ErrorPage } from "@campaignctl/core"
import { Schema } from "effect"
import { operationsErrors } from "../domain/errorPages.ts"
import { FilePlan } from "./FilePlan.ts"

/** Something has changed since the plan was made. Nothing was applied; carries the plan as it is now. */
export class PlanStale extends Schema.TaggedError<PlanStale>()("PlanStale", { now: FilePlan }) {
  readonly page: ErrorPage = operationsErrors.PlanStale
  override get message(): string {
    return `Something has changed since the plan for “${this.now.file}” was made. Nothing was applied; look at the plan as it is now.`
  }
}

/** The file wants what somebody else keeps. Nothing was applied. */
export class PlanRefused extends Schema.TaggedError<PlanRefused>()("PlanRefused", {
  refusals: Schema.Array(Schema.String)
}) {
  readonly page: ErrorPage = operationsErrors.PlanRefused
  override get message(): string {
    return `The file cannot be applied. ${this.refusals.join(" ")}`
  }
}
