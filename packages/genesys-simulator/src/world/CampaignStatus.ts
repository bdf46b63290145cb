/** The execution states that Genesys Cloud's `campaignStatus` knows. */
export const CAMPAIGN_STATUSES = [
  "on",
  "stopping",
  "off",
  "complete",
  "invalid",
  "forced_off",
  "forced_stopping"
] as const

export type CampaignStatus = (typeof CAMPAIGN_STATUSES)[number]

export const isCampaignStatus = (value: unknown): value is CampaignStatus =>
  CAMPAIGN_STATUSES.some((status) => status === value)

/** The states that count towards the organisation's limit of active campaigns. */
const ACTIVE: ReadonlySet<CampaignStatus> = new Set(["on", "stopping", "forced_stopping"])

export const isActive = (status: CampaignStatus): boolean => ACTIVE.has(status)

/** Voice campaigns on, stopping or forced_stopping at one time. Source: Genesys Cloud resource centre, "Start or pause a campaign". */
export const ACTIVE_CAMPAIGN_LIMIT = 50
