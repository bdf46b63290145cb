import { CampaignGateway } from "@campaignctl/core"
import type { GatewayWorld } from "@campaignctl/core/testing"
import { Effect, Latch, Layer } from "effect"

/**
 * One process's way to the world: its requests take time, and it can be stalled for good or for a
 * while, in the middle of one of them.
 */
export interface Process {
  /** Changes under way at once now, and at most so far. */
  inFlight: number
  mostInFlight: number
  /** Changes begun so far. */
  begun: number
  /** Changes that it may begin at most, all in all, once another process has taken over. */
  mayHaveBegun: number | undefined
  killed: boolean
  /** Closed where the process is stalled. */
  readonly runs: Latch.Latch
}

export const makeProcess = (): Process => ({
  inFlight: 0,
  mostInFlight: 0,
  begun: 0,
  mayHaveBegun: undefined,
  killed: false,
  runs: Latch.makeUnsafe(true)
})

/** Milliseconds that a change takes on its way, there and back. */
const WAY_MS = 40

/** The gateway of the world as one process reaches it. */
export const gatewayOf = (
  process: Process
): Layer.Layer<CampaignGateway, never, CampaignGateway | GatewayWorld> =>
  Layer.effect(
    CampaignGateway,
    Effect.map(CampaignGateway, (gateway) => {
      const whileItRuns = <A, E>(request: Effect.Effect<A, E>) =>
        Effect.andThen(process.runs.await, request)
      return {
        ...gateway,
        get: (id) => whileItRuns(gateway.get(id)),
        apply: (campaign, change) =>
          Effect.gen(function* () {
            process.begun += 1
            process.inFlight += 1
            process.mostInFlight = Math.max(process.mostInFlight, process.inFlight)
            yield* Effect.sleep(WAY_MS)
            yield* process.runs.await
            const applied = yield* gateway.apply(campaign, change)
            yield* Effect.sleep(WAY_MS)
            yield* process.runs.await
            return applied
          }).pipe(
            Effect.ensuring(
              Effect.sync(() => {
                process.inFlight -= 1
              })
            )
          )
      }
    })
  )
