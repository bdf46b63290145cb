import {
  type Campaign,
  CampaignGateway,
  CampaignId,
  CampaignNotFound,
  LockConflict,
  LockToken
} from "@campaignctl/core"
import { Clock, Effect, Layer, Stream } from "effect"
import { Dialler, type Job } from "./Dialler.ts"

/** A job as campaignctl sees it. The revision is what a change must match. */
const campaignOf = (job: Job, observedAt: number): Campaign => ({
  id: CampaignId.make(job.id),
  name: job.title,
  status: job.running,
  lock: LockToken.make(String(job.revision)),
  queue: { id: job.team, name: job.team },
  observedAt,
  original: job
})

/** Campaigns over the company's own dialler: the port is answered, and nothing of Genesys is loaded. */
export const diallerGateway: Layer.Layer<CampaignGateway, never, Dialler> = Layer.effect(
  CampaignGateway,
  Effect.gen(function* () {
    const dialler = yield* Dialler
    const seen = (job: Job) => Effect.map(Clock.currentTimeMillis, (now) => campaignOf(job, now))
    return {
      capabilities: {
        contract: "etag",
        showsDrain: false,
        showsDispositions: true,
        abruptPause: true
      },
      get: (id) =>
        Effect.flatMap(dialler.find(id), (job) =>
          job === undefined ? Effect.fail(new CampaignNotFound({ campaignId: id })) : seen(job)
        ),
      // The dialler gives everything at once: there is no second page.
      list: ({ ids, namePrefix = "", skipPages = 0 }) =>
        Stream.fromEffect(
          Effect.gen(function* () {
            const jobs = (yield* dialler.jobs).filter(
              ({ id, title }) =>
                (ids !== undefined || skipPages === 0) &&
                (ids?.some((wanted) => wanted === id) ?? true) &&
                title.toLowerCase().startsWith(namePrefix.toLowerCase())
            )
            return { campaigns: yield* Effect.forEach(jobs, seen), total: jobs.length }
          })
        ),
      apply: (campaign, { target }) =>
        campaign.status === target
          ? Effect.succeed({ campaign, wrote: false, warnings: [] })
          : dialler.put(campaign.id, target, Number(campaign.lock)).pipe(
              Effect.mapError(() => new LockConflict({ campaignId: campaign.id })),
              Effect.flatMap(seen),
              Effect.map((after) => ({ campaign: after, wrote: true, warnings: [] }))
            ),
      // The dialler has no stop without a revision: the newest one is read for it.
      stop: (id) =>
        Effect.gen(function* () {
          const job = yield* dialler.find(id)
          if (job === undefined) return yield* new CampaignNotFound({ campaignId: id })
          if (job.running !== "active") return
          yield* Effect.mapError(
            dialler.put(id, "paused", job.revision),
            () => new LockConflict({ campaignId: id })
          )
        }),
      outstandingCalls: () => Effect.succeed(undefined)
    }
  })
)
