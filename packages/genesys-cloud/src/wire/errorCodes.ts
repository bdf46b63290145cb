import type { BudgetUnavailable, GatewayError } from "@campaignctl/core"

/** What a reply can mean: the budget alone speaks before anything is sent. */
export type ReplyError = Exclude<GatewayError, BudgetUnavailable>

/** One line of the table: what an error reply means. */
export interface ErrorRule {
  readonly status: number
  /** Codes of the error body; absent: whatever the code. */
  readonly codes?: ReadonlySet<string>
  /** Holds only for a request about one campaign. */
  readonly ofCampaign?: true
  readonly means: ReplyError["_tag"]
}

const codes = (...names: ReadonlyArray<string>): ReadonlySet<string> => new Set(names)

/**
 * What Genesys' error replies mean, first match wins. Sources: the error codes of Genesys' API
 * description for the outbound, messaging and analytics operations.
 *
 * The two families of 409 differ: a version mismatch is a conflict that a fresh read resolves;
 * "already active" and the like are a definite no.
 */
export const errorRules: ReadonlyArray<ErrorRule> = [
  { status: 401, means: "NotAuthenticated" },
  {
    status: 403,
    codes: codes("campaign.black.listed", "all.campaigns.black.listed"),
    means: "GenesysRefused"
  },
  { status: 403, means: "PermissionMissing" },
  { status: 404, ofCampaign: true, means: "CampaignNotFound" },
  { status: 408, means: "GenesysUnavailable" },
  {
    status: 409,
    ofCampaign: true,
    codes: codes("invalid.update.wrong.version", "version.conflict", "request.conflict"),
    means: "LockConflict"
  },
  { status: 412, ofCampaign: true, means: "LockConflict" },
  { status: 429, means: "RateLimited" }
]

/** What the ETag contract adds: a 409 on a change means that the ETag is not current, whatever its code. */
export const etagErrorRules: ReadonlyArray<ErrorRule> = [
  { status: 409, ofCampaign: true, means: "LockConflict" },
  ...errorRules
]
