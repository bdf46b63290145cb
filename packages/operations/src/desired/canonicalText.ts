import { canonicalJson, type Json } from "@campaignctl/core"

/** The one text of a value that has come from JSON, or is made of the same. */
export const canonicalText = (value: unknown): string =>
  canonicalJson(JSON.parse(JSON.stringify(value)) as Json) // it was just parsed
