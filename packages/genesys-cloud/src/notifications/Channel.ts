import type { CampaignId } from "@campaignctl/core"
import type { Redacted } from "effect"

/** A notification channel at Genesys. Its id and its address open it to anybody who has them. */
export interface Channel {
  readonly id: Redacted.Redacted<string>
  readonly address: Redacted.Redacted<string>
  /** Milliseconds that it lives, from its creation and from every subscription. */
  readonly livesMs: number
  /** Epoch milliseconds. */
  expiresAt: number
  /** Campaigns whose topics Genesys says are none; asked for no more over this channel. */
  readonly invalid: Set<CampaignId>
}
