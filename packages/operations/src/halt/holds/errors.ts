import { Schema } from "effect"

/** No halt of that name holds, or it is not the caller's to lift. */
export class HoldNotFound extends Schema.TaggedError<HoldNotFound>()("HoldNotFound", {
  name: Schema.String
}) {
  override get message(): string {
    return `No halt “${this.name}” holds.`
  }
}
