import { GenesysUnavailable } from "@campaignctl/core"

/** A reply of success that lacks what it must have, with the field's name. */
export const malformed = (what: string, field: string): GenesysUnavailable =>
  new GenesysUnavailable({
    reason: "malformed-reply",
    detail: `${what} was answered with success, but ${field} is missing or not as expected.`
  })
