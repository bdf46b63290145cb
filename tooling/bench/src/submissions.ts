import { CampaignId, Ids } from "@campaignctl/core"
import { idsLive } from "@campaignctl/ledger-sql"
import { OperationId, type OperationSpec, type Submission } from "@campaignctl/operations"
import { Effect } from "effect"

const change = { target: "paused", pauseReason: "OTHER" } as const

/** A pause of one campaign. */
export const pauseOf = (campaignId: string): OperationSpec => ({
  _tag: "Transition",
  campaignId: CampaignId.make(campaignId),
  change
})

/** A pause of every campaign that was added as one of the fleet. */
export const fleetPause = (concurrency: number): OperationSpec => ({
  _tag: "Fleet",
  selector: { namePattern: "Fleet *" },
  change,
  order: "listed",
  concurrency,
  maxFailures: null
})

/** What is submitted, under an id of its own. */
export const submissionOf = (spec: OperationSpec): Promise<Submission> =>
  Effect.runPromise(
    Effect.gen(function* () {
      const { next } = yield* Ids
      const id = OperationId.make(yield* next)
      return { id, spec, requestedBy: "bench", source: "library" } satisfies Submission
    }).pipe(Effect.provide(idsLive))
  )
