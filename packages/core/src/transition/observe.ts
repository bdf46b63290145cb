import { Effect } from "effect"
import type { Campaign, CampaignId } from "../campaign/Campaign.ts"
import type { CampaignState } from "../campaign/State.ts"
import { type Disposition, seenState, stateOf } from "../campaign/stateOf.ts"
import type { AuditUnavailable, GatewayError } from "../errors/errors.ts"
import type { AuditEntry } from "../ledger/AuditEntry.ts"
import { dispositionOf } from "../ledger/dispositionOf.ts"
import { AuditLog } from "../ports/AuditLog.ts"
import { CampaignGateway } from "../ports/CampaignGateway.ts"

/** One campaign as Genesys shows it and as the ledger remembers it. */
export interface Observation {
  readonly campaign: Campaign
  readonly state: CampaignState
  readonly disposition: Disposition | undefined
  /** What was seen contradicts what the ledger last knew: somebody else changed the campaign, or one of us just now. */
  readonly drifted: boolean
  /** The sequence of what the ledger last knew; 0 where it knows nothing. */
  readonly toldIn: number
}

/** Puts together what Genesys showed and what the ledger remembers. */
export const observationOf = (campaign: Campaign, last: AuditEntry | undefined): Observation => {
  const drifted = last !== undefined && contradicts(campaign, last)
  const disposition = drifted ? undefined : dispositionOf(last)
  return {
    campaign,
    state: stateOf(campaign.status, disposition),
    disposition,
    drifted,
    toldIn: last?.sequence ?? 0
  }
}

/** Whether one dials and the other does not. A list that ran out by itself is no contradiction. */
const contradicts = (campaign: Campaign, last: AuditEntry): boolean => {
  const seen = seenState(campaign.status)
  const knownActive = (last.kind === "drift" ? last.currentState : last.targetState) === "active"
  return knownActive ? seen !== "active" && seen !== "completed" : seen === "active"
}

/**
 * Reads one campaign, then what the ledger knows of it: a change that ended in between is found
 * there, and not taken for somebody else's.
 */
export const observe = (
  id: CampaignId
): Effect.Effect<Observation, GatewayError | AuditUnavailable, CampaignGateway | AuditLog> =>
  Effect.flatMap(CampaignGateway, (gateway) =>
    Effect.flatMap(gateway.get(id), (campaign) =>
      Effect.flatMap(AuditLog, (ledger) =>
        Effect.map(ledger.lastApplied([id]), (last) =>
          observationOf(campaign, last.get(campaign.id))
        )
      )
    )
  )

/**
 * Reads one campaign for a pause. A ledger that cannot be read back must not hold up a stop: what it
 * remembers is left out then, and whether it takes the intent shows before anything is sent.
 */
export const observeToStop = Effect.fnUntraced(function* (
  id: CampaignId
): Effect.fn.Return<Observation, GatewayError, CampaignGateway | AuditLog> {
  const gateway = yield* CampaignGateway
  const ledger = yield* AuditLog
  const campaign = yield* gateway.get(id)
  const last = yield* Effect.catch(ledger.lastApplied([id]), () => Effect.succeed(undefined))
  return observationOf(campaign, last?.get(campaign.id))
})
