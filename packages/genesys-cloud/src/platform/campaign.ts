import {
  CampaignId,
  type Campaign,
  type GenesysUnavailable,
  LockToken,
  type Reference
} from "@campaignctl/core"
import { Effect, Option, Schema } from "effect"
import { digitsOf, fieldOf, textOf } from "../wire/json.ts"
import { malformed } from "../wire/malformed.ts"

const decodeId = Schema.decodeUnknownOption(CampaignId)

/** A `{id, name}` of a body; absent where the body has none that can be read. */
export const referenceOf = (body: unknown, field: string): Reference | undefined => {
  const value = fieldOf(body, field)
  const id = textOf(value, "id")
  const name = textOf(value, "name")
  return id === undefined ? undefined : { id, ...(name === undefined ? {} : { name }) }
}

/**
 * Reads one campaign of the platform contract. Id, status and version are needed; everything else
 * is taken where it can be read.
 */
export const readCampaign = (
  body: unknown,
  observedAt: number,
  what: string
): Effect.Effect<Campaign, GenesysUnavailable> => {
  const id = decodeId(textOf(body, "id")?.toLowerCase())
  const status = textOf(body, "campaignStatus")
  const version = digitsOf(fieldOf(body, "version"))
  if (Option.isNone(id)) return Effect.fail(malformed(what, "the campaign's id"))
  if (status === undefined)
    return Effect.fail(malformed(what, `campaignStatus of campaign ${id.value}`))
  if (version === undefined) return Effect.fail(malformed(what, `version of campaign ${id.value}`))
  const dialingMode = textOf(body, "dialingMode")
  const queue = referenceOf(body, "queue")
  const division = referenceOf(body, "division")
  const callableTimeSet = referenceOf(body, "callableTimeSet")
  return Effect.succeed({
    id: id.value,
    name: textOf(body, "name") ?? id.value,
    status,
    lock: LockToken.make(version),
    ...(dialingMode === undefined ? {} : { dialingMode }),
    ...(queue === undefined ? {} : { queue }),
    ...(division === undefined ? {} : { division }),
    ...(callableTimeSet === undefined ? {} : { callableTimeSet }),
    observedAt,
    original: body
  })
}
