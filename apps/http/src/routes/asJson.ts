import type { Json } from "@campaignctl/core"

/** What a schema has read from a request's body, as the JSON that it came from. */
export const asJson = (value: object): Json => JSON.parse(JSON.stringify(value)) as Json // it came from JSON
