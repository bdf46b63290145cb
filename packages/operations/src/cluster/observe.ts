import { report } from "@campaignctl/core"
import { Effect, Schedule, type Scope } from "effect"
import type { ClusterState } from "../ports/Cluster.ts"
import { Cluster } from "../ports/Cluster.ts"

/** Milliseconds between two looks at who carries what on: as often as metrics are commonly read. */
const LOOK_MS = 15_000

const seen = ({ runners, shardsFree, shardsTotal }: ClusterState) => {
  const self = runners.find((runner) => runner.self)
  const here = self?.shards ?? 0
  const healthy = runners.filter((runner) => runner.healthy).length
  return {
    _tag: "ClusterSeen",
    runners: { healthy, unhealthy: runners.length - healthy },
    shards: { here, elsewhere: shardsTotal - shardsFree - here, free: shardsFree },
    operations: self?.operations ?? 0
  } as const
}

/** Tells whoever measures this process, again and again, who carries operations on. */
export const observe: Effect.Effect<void, never, Cluster | Scope.Scope> = Effect.gen(function* () {
  const { state } = yield* Cluster
  yield* state.pipe(
    Effect.flatMap((found) => report(seen(found))),
    // Whatever needs the database says that it is not there; here only the next look is waited for.
    Effect.catch(({ message }) => Effect.logDebug(message)),
    Effect.repeat(Schedule.spaced(LOOK_MS)),
    Effect.forkScoped
  )
})
