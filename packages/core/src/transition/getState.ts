import { Effect, Stream } from "effect"
import type { CampaignId } from "../campaign/Campaign.ts"
import type { AuditUnavailable, GatewayError } from "../errors/errors.ts"
import { AuditLog } from "../ports/AuditLog.ts"
import type { CampaignFilter, CampaignGateway } from "../ports/CampaignGateway.ts"
import { attribute, spans } from "../telemetry/spans.ts"
import { annotate, traced } from "../telemetry/traced.ts"
import { type Observation, observationOf, observe } from "./observe.ts"
import { pagesOf } from "./pagesOf.ts"
import { retryingReads, startRun } from "./retrying.ts"

/** One campaign and its state, as it is now. Writes nothing. */
export const getState = traced(spans.getState.name)(function* (
  id: CampaignId
): Effect.fn.Return<Observation, GatewayError | AuditUnavailable, CampaignGateway | AuditLog> {
  yield* annotate(() => ({ [attribute.campaignId]: id }))
  return yield* retryingReads(yield* startRun, observe(id))
})

/** The campaigns that the filter lets through with their states, page by page as Genesys gives them. */
export const listStates = (
  filter: CampaignFilter
): Stream.Stream<
  ReadonlyArray<Observation>,
  GatewayError | AuditUnavailable,
  CampaignGateway | AuditLog
> =>
  Stream.mapEffect(pagesOf(filter), (campaigns) =>
    Effect.gen(function* () {
      const ledger = yield* AuditLog
      const last = yield* ledger.lastApplied(campaigns.map(({ id }) => id))
      return campaigns.map((campaign) => observationOf(campaign, last.get(campaign.id)))
    })
  )
