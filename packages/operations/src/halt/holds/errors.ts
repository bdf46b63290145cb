import type { ErrorPage } from "@campaignctl/core"
import { Schema } from "effect"
import { operationsErrors } from "../../domain/errorPages.ts"

/** No halt of that name holds, or it is not the caller's to lift. */
export class HoldNotFound extends Schema.TaggedError<HoldNotFound>()("HoldNotFound", {
  name: Schema.String
}) {
  readonly page: ErrorPage = operationsErrors.HoldNotFound
  override get message(): string {
    return `No halt “${this.name}” holds.`
  }
}
