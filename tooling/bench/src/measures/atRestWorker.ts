import { once } from "node:events"
import { CampaignEvents } from "@campaignctl/core"
import { idsLive, layerSql, layerSqliteClient } from "@campaignctl/ledger-sql"
import { layerSingle, WatchStore, watchStoreSql } from "@campaignctl/operations"
import { scaledClock } from "@campaignctl/operations/test-clock"
import { Clock, Effect, Layer, ManagedRuntime, Stream } from "effect"
import { simulatorPorts } from "../product.ts"
import type { Resting } from "./atRest.ts"

/** Milliseconds between two looks at how far the watch is. */
const LOOK_MS = 2_000
/** The part of the time between two lists that is let pass first, so that whole lists are counted. */
const BETWEEN_LISTS = 0.5

// A process of its own, whose memory is that of the watch alone.
const asked: Resting = JSON.parse(process.argv[2] ?? "")
const { campaigns, channels, filename, listsEveryMs, ready, restMs, times } = asked

/** As where the contract has no events. */
const silence = Layer.succeed(CampaignEvents, {
  available: false,
  follow: () => Effect.void,
  news: Stream.never
})

const ledger = layerSql(filename).pipe(
  Layer.provide(idsLive),
  Layer.provideMerge(layerSqliteClient({ filename }))
)
const runtime = ManagedRuntime.make(
  layerSingle({ filename, watching: true }).pipe(
    Layer.provideMerge(watchStoreSql),
    Layer.provideMerge(channels ? Layer.empty : silence),
    Layer.provideMerge(Layer.merge(simulatorPorts(ready, "platform"), ledger)),
    Layer.provideMerge(Layer.succeed(Clock.Clock, scaledClock(times)))
  )
)

/** Ends when every campaign was listed and, over channels, is heard of. */
const atRest = Effect.gen(function* () {
  const store = yield* WatchStore
  for (;;) {
    const beat = yield* store.beat
    const known = channels ? beat?.covered : beat?.campaigns
    if (known === campaigns) break
    yield* Effect.sleep(LOOK_MS)
  }
  yield* Effect.sleep(listsEveryMs * BETWEEN_LISTS)
})

await runtime.runPromise(atRest)
const told = once(process, "message")
process.send?.("resting")
await told
await runtime.runPromise(Effect.sleep(restMs))
globalThis.gc?.()
process.send?.(process.memoryUsage().heapUsed)
await runtime.dispose()
process.disconnect()
