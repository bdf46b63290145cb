import { Effect, Stream } from "effect"
import type { Campaign, CampaignId } from "../campaign/Campaign.ts"
import type { GatewayError } from "../errors/errors.ts"
import { type CampaignFilter, CampaignGateway } from "../ports/CampaignGateway.ts"
import { afterFailure, readCauseOf, type RunClock, startRun, waitFor } from "./retrying.ts"

type Pages = Stream.Stream<ReadonlyArray<Campaign>, GatewayError, CampaignGateway>

/**
 * The campaigns that the filter lets through, page by page, each campaign once.
 *
 * After a rate limit or no answer the list is asked for again from its start, because a place in it
 * means nothing once campaigns have come or gone; what was given already is left out.
 */
export const pagesOf = (filter: CampaignFilter): Pages =>
  Stream.unwrap(Effect.map(startRun, (run) => from(filter, run, new Set(), 0)))

const from = (
  filter: CampaignFilter,
  run: RunClock,
  given: Set<CampaignId>,
  retriesMade: number
): Pages =>
  Stream.unwrap(Effect.map(CampaignGateway, (gateway) => gateway.list(filter))).pipe(
    Stream.map(({ campaigns }) => {
      const fresh = campaigns.filter(({ id }) => !given.has(id))
      for (const { id } of fresh) given.add(id)
      return fresh
    }),
    Stream.catch((error) =>
      Stream.unwrap(
        Effect.gen(function* () {
          const cause = readCauseOf(error)
          const next = yield* afterFailure(run, error, retriesMade)
          if (cause === undefined || next._tag === "GiveUp") return Stream.fail(error)
          yield* waitFor(cause, next.delayMs)
          return from(filter, run, given, retriesMade + 1)
        })
      )
    )
  )
