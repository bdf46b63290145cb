import { CampaignId } from "@campaignctl/core"
import { Option, Schema } from "effect"
import type { Problems } from "./Problems.ts"

const decode = Schema.decodeUnknownOption(CampaignId)

/** The campaign id that a text is, whatever the case of its letters. */
export const campaignIdOf = (text: string): CampaignId | undefined =>
  Option.getOrUndefined(decode(text.trim().toLowerCase()))

/** The ids of the command line, each once, in the order given. */
export const campaignIds = (
  texts: ReadonlyArray<string>,
  problems: Problems,
  key = "id"
): ReadonlyArray<CampaignId> => {
  const ids = texts.flatMap(
    (text) =>
      problems.parsed(
        key,
        "a campaign id, which is a UUID such as 0b5d1c9e-4a9f-4d0e-9a64-1f6a3c1d2e3f",
        text,
        campaignIdOf
      ) ?? []
  )
  return [...new Set(ids)]
}
