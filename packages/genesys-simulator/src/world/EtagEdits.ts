import { isJsonObject, stringField } from "../Json.ts"
import type { JsonObject } from "../Json.ts"
import type { Campaign } from "./Campaign.ts"
import type { CampaignStatus } from "./CampaignStatus.ts"
import { isActive } from "./CampaignStatus.ts"
import { checkActivation } from "./PlatformEdits.ts"
import { Refusal } from "./Refusal.ts"
import { answerStatus } from "./StatusRules.ts"
import type { World } from "./World.ts"
import type { WriteOrigin } from "./WriteLog.ts"

/** The execution states of the ETag contract. */
export const CAMPAIGN_STATES = ["active", "paused", "completed", "archived"] as const
export type CampaignState = (typeof CAMPAIGN_STATES)[number]

const PAUSE_REASONS: ReadonlySet<string> = new Set([
  "AGENT_CAPACITY",
  "COMPLIANCE",
  "CUSTOMER_REQUEST",
  "OTHER"
])

/** Which states may follow which. The step from completed to active is a switch. */
const MATRIX: { readonly [From in CampaignState]: ReadonlyArray<CampaignState> } = {
  active: ["paused", "completed", "archived"],
  paused: ["active", "completed", "archived"],
  completed: ["archived"],
  archived: []
}

/** How the ETag contract names the campaign's state: a disposition it holds, else what the platform shows. */
export const campaignState = (campaign: Campaign): CampaignState => {
  if (campaign.status === "on") return "active"
  return campaign.disposition ?? (campaign.status === "complete" ? "completed" : "paused")
}

export const etagOf = (campaign: Campaign): string =>
  `"${campaign.id.slice(0, 8)}-${campaign.version}"`

const unprocessable = (code: string, message: string): Refusal =>
  new Refusal(code, message, { status: 422 })

const checkTag = (campaign: Campaign, ifMatch: string | undefined): void => {
  if (ifMatch === undefined || ifMatch.trim() === "") {
    throw new Refusal("precondition.required", "The header If-Match is required.", { status: 428 })
  }
  if (ifMatch.trim() !== etagOf(campaign)) {
    throw new Refusal(
      "etag.mismatch",
      "The campaign was changed since it was read: If-Match is not its current ETag.",
      {
        status: 409
      }
    )
  }
}

const resultingStatus = (
  world: World,
  campaign: Campaign,
  target: CampaignState,
  drain: boolean
): CampaignStatus => {
  if (target === "active") {
    const answer = answerStatus(campaign.status, "on", world.facts)
    if (answer === "refused") {
      throw unprocessable(
        "transition.not.allowed",
        `A campaign that is ${campaign.status} cannot become active.`
      )
    }
    checkActivation(world, campaign)
    return answer
  }
  if (!isActive(campaign.status))
    return campaign.status === "invalid" && target === "paused" ? "off" : campaign.status
  if (target === "paused" && !drain) return "off"
  return campaign.status === "on" ? "stopping" : campaign.status
}

/** PATCH of `campaignstate` under the campaign's ETag. */
export const patchCampaignState = (
  world: World,
  campaign: Campaign,
  body: JsonObject,
  ifMatch: string | undefined,
  origin: WriteOrigin
): void => {
  const target = CAMPAIGN_STATES.find((state) => state === body["campaignstate"])
  if (target === undefined) {
    throw new Refusal(
      "invalid.value",
      `campaignstate must be one of ${CAMPAIGN_STATES.join(", ")}.`
    )
  }
  const drain = body["drainqueue"]
  if (drain !== undefined && typeof drain !== "boolean")
    throw new Refusal("invalid.value", "drainqueue must be a boolean.")
  checkTag(campaign, ifMatch)
  const from = campaignState(campaign)
  const restart =
    from === "completed" &&
    target === "active" &&
    (body["restart"] === true || world.facts.etagCompletedToActive === "allowed")
  if (!MATRIX[from].includes(target) && !restart) {
    throw unprocessable(
      "transition.not.allowed",
      `A campaign that is ${from} cannot become ${target}.`
    )
  }
  const reason = stringField(body, "pauseReason")
  if (target === "paused" && (reason === undefined || !PAUSE_REASONS.has(reason))) {
    throw unprocessable(
      "pause.reason.required",
      `pauseReason must be one of ${[...PAUSE_REASONS].join(", ")}.`
    )
  }
  const status = resultingStatus(world, campaign, target, drain !== false)
  const disposition = target === "completed" || target === "archived" ? target : null
  world.change(campaign, { status, disposition }, origin)
}

/** Whether a PATCH speaks the ETag contract: the platform's own PATCH knows neither this header nor this field. */
export const speaksEtagContract = (body: unknown, ifMatch: string | undefined): boolean =>
  ifMatch !== undefined || (isJsonObject(body) && "campaignstate" in body)
