import { CampaignId, type Campaign, type GenesysUnavailable, LockToken } from "@campaignctl/core"
import { Effect, Option, Schema } from "effect"
import { referenceOf } from "../platform/campaign.ts"
import { textOf } from "../wire/json.ts"
import { malformed } from "../wire/malformed.ts"

const decodeId = Schema.decodeUnknownOption(CampaignId)

/** The lock of a campaign that a list showed without its ETag: no write can match it. */
const NO_ETAG = LockToken.make("")

const readBody = (
  body: unknown,
  lock: LockToken,
  observedAt: number,
  what: string
): Effect.Effect<Campaign, GenesysUnavailable> => {
  const id = decodeId(textOf(body, "id")?.toLowerCase())
  const status = textOf(body, "campaignstate")
  if (Option.isNone(id)) return Effect.fail(malformed(what, "the campaign's id"))
  if (status === undefined)
    return Effect.fail(malformed(what, `campaignstate of campaign ${id.value}`))
  const dialingMode = textOf(body, "dialingMode")
  const queue = referenceOf(body, "queue")
  const division = referenceOf(body, "division")
  return Effect.succeed({
    id: id.value,
    name: textOf(body, "name") ?? id.value,
    status,
    lock,
    ...(dialingMode === undefined ? {} : { dialingMode }),
    ...(queue === undefined ? {} : { queue }),
    ...(division === undefined ? {} : { division }),
    observedAt,
    original: body
  })
}

/** Reads one campaign and the ETag that came with it; without an ETag nothing could be locked. */
export const readCampaign = (
  body: unknown,
  headers: Readonly<Record<string, string>>,
  observedAt: number,
  what: string
): Effect.Effect<Campaign, GenesysUnavailable> => {
  const etag = headers["etag"]?.trim()
  return etag === undefined || etag === ""
    ? Effect.fail(malformed(what, "the ETag header"))
    : readBody(body, LockToken.make(etag), observedAt, what)
}

/** Reads one campaign of a list: with its `etag` field where the gateway sends one. */
export const readListedCampaign = (
  body: unknown,
  observedAt: number
): Effect.Effect<Campaign, GenesysUnavailable> => {
  const etag = textOf(body, "etag")
  return readBody(
    body,
    etag === undefined ? NO_ETAG : LockToken.make(etag),
    observedAt,
    "listing campaigns"
  )
}
