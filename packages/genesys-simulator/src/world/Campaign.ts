import { stringField } from "../Json.ts"
import type { JsonObject } from "../Json.ts"
import type { Random } from "../Random.ts"
import type { Call } from "./Call.ts"
import type { CampaignStatus } from "./CampaignStatus.ts"

/** What the ETag contract adds to a campaign and the platform has no word for. */
export type Disposition = "completed" | "archived"

export interface ContactListLife {
  readonly total: number
  called: number
  attempts: number
  connects: number
}

/** One outbound campaign: the document that travels on the wire, and the life behind it. */
export interface Campaign {
  readonly id: string
  /** Everything but status and version, keys in their original order, fields that no type knows included. */
  document: JsonObject
  status: CampaignStatus
  version: number
  disposition: Disposition | undefined
  readonly random: Random
  calls: Array<Call>
  contacts: ContactListLife
}

/** The campaign as the platform contract shows it. */
export const renderCampaign = (campaign: Campaign): JsonObject => ({
  ...campaign.document,
  version: campaign.version,
  campaignStatus: campaign.status
})

export const campaignName = (campaign: Campaign): string =>
  stringField(campaign.document, "name") ?? ""
