import { CampaignId, CampaignState } from "@campaignctl/core"
import { Schema } from "effect"

/** Longest list of ids or names in a selector; a larger one is a selector by name, division or queue. */
const LIST_LIMIT = 10_000

const texts = Schema.Array(Schema.NonEmptyString).check(Schema.isMaxLength(LIST_LIMIT))

/**
 * Which campaigns an operation is about: those that match every part that is present. `all` must be
 * said in so many words; a selector without any part is refused.
 */
export const Selector = Schema.Struct({
  ids: Schema.optionalKey(Schema.Array(CampaignId).check(Schema.isMaxLength(LIST_LIMIT))),
  divisionIds: Schema.optionalKey(texts),
  /** Names with `*` for any characters and `?` for one, without regard to case. */
  namePattern: Schema.optionalKey(Schema.NonEmptyString),
  queueIds: Schema.optionalKey(texts),
  /** What the campaigns must be now. */
  states: Schema.optionalKey(Schema.Array(CampaignState)),
  all: Schema.optionalKey(Schema.Literal(true))
}).check(
  Schema.makeFilter((selector) =>
    Object.keys(selector).length > 0 ? undefined : "Expected at least one part, or all: true"
  )
)
export type Selector = typeof Selector.Type
