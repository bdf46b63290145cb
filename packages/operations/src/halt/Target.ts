import type { Campaign, CampaignId, CampaignState, GatewayError } from "@campaignctl/core"
import type { Written } from "./Trail.ts"

/** One campaign that a halt has to stop, as far as it has come. Only the halt's own fibers change it. */
export interface Target {
  readonly id: CampaignId
  readonly name: string
  readonly divisionId: string | null
  /** As it was seen last; undefined where only its id is known. */
  campaign: Campaign | undefined
  /** Null where it was not seen. */
  state: CampaignState | null
  /** It dials, or may. */
  dialling: boolean
  /** A fiber is at work on it. */
  busy: boolean
  /** A stop was sent of which no look at the campaign has told since. */
  doubt: boolean
  /** Genesys says that there is no such campaign. */
  gone: boolean
  /** The intent that has no outcome yet. */
  intent: Written | undefined
  /** Stops sent under that intent, and in all. */
  attempts: number
  sent: number
  startedAgain: number
  /** Milliseconds from the halt's beginning. */
  firstAcceptMs: number | null
  lastAcceptMs: number | null
  auditSequence: number | null
  error: GatewayError | undefined
}

export const makeTarget = (
  { division, id, name }: Pick<Campaign, "id" | "name" | "division">,
  campaign: Campaign | undefined,
  state: CampaignState | null
): Target => ({
  id,
  name,
  divisionId: division?.id ?? null,
  campaign,
  state,
  dialling: true,
  busy: false,
  doubt: false,
  gone: false,
  intent: undefined,
  attempts: 0,
  sent: 0,
  startedAgain: 0,
  firstAcceptMs: null,
  lastAcceptMs: null,
  auditSequence: null,
  error: undefined
})
