import { Context, Effect, Layer } from "effect"

/** One job of the dialler that this company has already. */
export interface Job {
  readonly id: string
  readonly title: string
  readonly running: "active" | "paused" | "completed" | "archived"
  /** Counts every change. */
  readonly revision: number
  readonly team: string
}

/** Somebody else has changed the job since it was read. */
export class Stale {
  readonly _tag = "Stale"
}

/** The company's own dialler, which knows nothing of campaignctl. */
export class Dialler extends Context.Service<
  Dialler,
  {
    readonly jobs: Effect.Effect<ReadonlyArray<Job>>
    readonly find: (id: string) => Effect.Effect<Job | undefined>
    readonly put: (
      id: string,
      running: Job["running"],
      revision: number
    ) => Effect.Effect<Job, Stale>
  }
>()("example/Dialler") {
  /** A dialler that lives as long as the program does. */
  static readonly holding = (...jobs: ReadonlyArray<Job>): Layer.Layer<Dialler> =>
    Layer.sync(Dialler, () => {
      const held = new Map(jobs.map((job) => [job.id, job]))
      return {
        jobs: Effect.sync(() => [...held.values()]),
        find: (id) => Effect.sync(() => held.get(id)),
        put: (id, running, revision) =>
          Effect.suspend(() => {
            const job = held.get(id)
            if (job === undefined || job.revision !== revision) return Effect.fail(new Stale())
            const changed = { ...job, running, revision: revision + 1 }
            held.set(id, changed)
            return Effect.succeed(changed)
          })
      }
    })
}
