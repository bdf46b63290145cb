import {
  type AuditLog,
  CampaignGateway,
  type CampaignId,
  type Ids,
  Settings
} from "@campaignctl/core"
import { Clock, Deferred, Effect, FiberSet, type Scope, Semaphore } from "effect"
import type { HaltRequest } from "./HaltRequest.ts"
import { type HaltPolicy, HaltSettings } from "./HaltSettings.ts"
import type { Target } from "./Target.ts"
import { makeTrail, type Trail } from "./Trail.ts"

/** Everything that one halt knows while it runs. */
export interface HaltRun {
  readonly request: HaltRequest
  readonly settings: HaltPolicy
  readonly governanceLevel: string
  readonly traceId: string | null
  readonly gateway: CampaignGateway["Service"]
  readonly trail: Trail
  /** Whole milliseconds since it began. */
  readonly elapsed: Effect.Effect<number>
  readonly targets: Map<CampaignId, Target>
  /** Campaigns in the scope that any list showed. */
  readonly selected: Set<CampaignId>
  readonly warnings: Set<string>
  readonly requests: { lists: number; stops: number; others: number }
  readonly oneOfFew: Semaphore.Semaphore
  /** Begins work that the halt does not wait for; it ends with the halt. */
  readonly begin: (work: Effect.Effect<void>) => Effect.Effect<void>
  /** Ends all work that was begun. */
  readonly endWork: Effect.Effect<void>
  /** Stops being written down or on their way: not those that wait for their next try. */
  underWay: number
  /** Milliseconds since it began at which the hold was durable. */
  heldAtMs: number | null
  /** The first try to raise the hold has ended, well or not. */
  readonly holdTried: Deferred.Deferred<void>
  firstStopMs: number | null
  lastAcceptMs: number | null
  /** What is known without a list was begun to be stopped. */
  remembered: boolean
  /** The client may not stop without a lock, but may under one. */
  locked: boolean
}

const NANOS_PER_MILLI = 1_000_000n

export const makeHaltRun = Effect.fnUntraced(function* (
  request: HaltRequest
): Effect.fn.Return<HaltRun, never, CampaignGateway | AuditLog | Ids | Scope.Scope> {
  const settings = yield* HaltSettings
  const began = yield* Clock.monotonicTimeNanos
  const work = yield* FiberSet.make<void>()
  const begin = yield* FiberSet.runtime(work)<never>()
  const { governanceLevel } = yield* Settings
  return {
    request,
    settings,
    governanceLevel,
    traceId: yield* Effect.match(Effect.currentSpan, {
      onSuccess: ({ traceId }) => traceId,
      onFailure: () => null
    }),
    gateway: yield* CampaignGateway,
    trail: yield* makeTrail,
    elapsed: Effect.map(Clock.monotonicTimeNanos, (now) => Number((now - began) / NANOS_PER_MILLI)),
    targets: new Map(),
    selected: new Set(),
    warnings: new Set(),
    requests: { lists: 0, stops: 0, others: 0 },
    oneOfFew: yield* Semaphore.make(settings.concurrency),
    begin: (effect) => Effect.sync(() => void begin(effect)),
    endWork: FiberSet.clear(work),
    underWay: 0,
    heldAtMs: null,
    holdTried: yield* Deferred.make<void>(),
    firstStopMs: null,
    lastAcceptMs: null,
    remembered: false,
    locked: false
  }
})
