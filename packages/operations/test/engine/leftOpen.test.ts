import { Progress, type ProgressEvent } from "@campaignctl/core"
import { GatewayWorld, MemoryLedger } from "@campaignctl/core/testing"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer, Stream } from "effect"
import { layerSingle, Operations, Transitions } from "../../src/index.ts"
import { memoryPorts, memorySql } from "../support/memoryPorts.ts"
import { OPERATION, pausing } from "../support/pausing.ts"

/** Breaks the ledger at the moment at which the first change leaves, for so long. */
const breaking = (forMs: number) =>
  Layer.effect(
    Progress,
    Effect.map(MemoryLedger, ({ breakWith }) => {
      let broken = false
      return {
        report: ({ _tag }: ProgressEvent) => {
          if (_tag !== "Sending" || broken) return Effect.void
          broken = true
          const mend = Effect.delay(breakWith(undefined), forMs)
          return Effect.andThen(
            breakWith("the disk is full."),
            Effect.asVoid(Effect.forkDetach(mend))
          )
        }
      }
    })
  )

const engine = (forMs: number) =>
  layerSingle({ filename: undefined }).pipe(
    Layer.provideMerge(breaking(forMs)),
    Layer.provideMerge(memoryPorts),
    Layer.provideMerge(memorySql)
  )

describe("a change whose outcome the ledger could not take", () => {
  it.live("is settled by its own process when it is asked for again", () =>
    Effect.gen(function* () {
      const { addCampaign, writes } = yield* GatewayWorld
      const campaignId = yield* addCampaign({ name: "a" })
      const transitions = yield* Transitions
      const request = {
        campaignId,
        target: "paused",
        pauseReason: "OTHER",
        requestedBy: "ada",
        source: "http",
        requestId: "one"
      } as const
      const error = yield* Effect.flip(transitions.run(request))
      assert.strictEqual(error._tag, "AuditUnavailable")
      assert.isTrue("changeMayHaveHappened" in error && error.changeMayHaveHappened)
      yield* (yield* MemoryLedger).breakWith(undefined)
      const result = yield* transitions.resume(request)
      assert.strictEqual(result._tag, "Applied")
      assert.lengthOf(yield* writes, 1)
    }).pipe(Effect.provide(engine(60_000)))
  )

  it.live("is not missed by a fleet, nor made twice", () =>
    Effect.gen(function* () {
      const { addCampaign, writes } = yield* GatewayWorld
      for (const name of ["a", "b", "c"]) yield* addCampaign({ name })
      const operations = yield* Operations
      yield* operations.submit(pausing({ all: true }, { concurrency: 2, maxFailures: 0 }))
      const over = yield* Stream.runLast(operations.watch(OPERATION))
      assert.deepInclude(over, { _tag: "Some" })
      if (over._tag === "None") return
      assert.strictEqual(over.value.status, "succeeded")
      assert.strictEqual(over.value.counts.applied, 3)
      assert.lengthOf(yield* writes, 3)
      const entries = yield* (yield* MemoryLedger).entries
      const settled = new Set(entries.map(({ intentId }) => intentId))
      assert.isTrue(entries.every(({ id: entry, kind }) => kind !== "intent" || settled.has(entry)))
    }).pipe(Effect.provide(engine(300)))
  )
})
