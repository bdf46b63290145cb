import { Effect } from "effect"
import type { Campaign } from "../campaign/Campaign.ts"
import { CampaignNotFound } from "../errors/errors.ts"
import type { Observation } from "./observe.ts"

/** Whether the campaign is in one of the divisions. Without any named it is; one without a division is in none. */
export const isInDivisions = (
  divisionIds: ReadonlyArray<string> | undefined,
  { division }: Pick<Campaign, "division">
): boolean =>
  divisionIds === undefined || (division !== undefined && divisionIds.includes(division.id))

/** To whoever is bound to divisions there is no campaign outside of them. */
export const onlyInDivisions =
  (divisionIds: ReadonlyArray<string> | undefined) =>
  (seen: Observation): Effect.Effect<Observation, CampaignNotFound> =>
    isInDivisions(divisionIds, seen.campaign)
      ? Effect.succeed(seen)
      : Effect.fail(new CampaignNotFound({ campaignId: seen.campaign.id }))
