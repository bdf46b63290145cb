import { Clock, Effect, Layer, Stream } from "effect"
import {
  AgentCapacity,
  type Applied,
  AuditLog,
  BudgetUnavailable,
  CallingWindows,
  type Campaign,
  CampaignGateway,
  type CampaignId,
  CampaignNotFound,
  type Change,
  defaultCallingWindow,
  GenesysRefused,
  GenesysUnavailable,
  type GatewayError,
  LockConflict,
  type LockToken,
  NotAuthenticated,
  RateLimited,
  type TransitionRequest
} from "../../src/index.ts"
import { MemoryLedger } from "../../src/testing/index.ts"
import type { Fault, World } from "./world.ts"

// Checked text: the schema's own pattern accepts it.
export const CAMPAIGN = "0198a7d2-0000-7000-8000-000000000001" as CampaignId

/** A rule that every history must keep was broken. */
export class Broken extends Error {}

/** Where a run is stopped from outside: at its n-th call, before or after the call took effect. */
export interface Stop {
  readonly atCall: number
  readonly afterEffect: boolean
}

/** One run's view of the world: plays its script, and checks every call against the rules. */
export class Probe {
  calls = 0
  writes = 0
  /** Resolves the test when the run has reached its stop. */
  reachedStop = false
  lockRead: string | undefined
  lastShown: string | undefined
  readonly world: World
  readonly request: TransitionRequest
  readonly script: ReadonlyArray<Fault>
  readonly stop: Stop | undefined

  constructor(
    world: World,
    request: TransitionRequest,
    script: ReadonlyArray<Fault>,
    stop: Stop | undefined
  ) {
    this.world = world
    this.request = request
    this.script = script
    this.stop = stop
  }

  /** The fault of this call; the world moves on by one call. */
  next(): Fault {
    this.world.callArrives()
    const fault = this.script[this.calls] ?? { kind: "none" as const }
    this.calls += 1
    if (fault.kind === "otherWriter") this.world.set(fault.status)
    return fault
  }

  hangs(afterEffect: boolean): boolean {
    if (this.stop === undefined || this.calls !== this.stop.atCall) return false
    if (this.stop.afterEffect !== afterEffect) return false
    this.reachedStop = true
    return true
  }

  campaign(observedAt: number): Campaign {
    this.lastShown = this.world.status
    return {
      id: CAMPAIGN,
      name: "Model",
      status: this.world.status,
      // The model's lock is its version as text.
      lock: String(this.world.version) as LockToken,
      dialingMode: "power",
      ...(this.world.hasQueue ? { queue: { id: "q", name: "Queue" } } : {}),
      observedAt,
      original: null
    }
  }
}

const failureOf = (fault: Fault): GatewayError | undefined => {
  if (fault.kind === "rateLimited")
    return new RateLimited(
      fault.retryAfterMs === undefined ? {} : { retryAfterMs: fault.retryAfterMs }
    )
  if (fault.kind === "lostBefore")
    return new GenesysUnavailable({ reason: "server-error", detail: "model", status: 503 })
  if (fault.kind === "budgetGone") return new BudgetUnavailable()
  if (fault.kind === "gone") return new CampaignNotFound({ campaignId: CAMPAIGN })
  if (fault.kind === "notAuthenticated") return new NotAuthenticated({ detail: "model" })
  return undefined
}

const lost = new GenesysUnavailable({ reason: "connection-lost", detail: "model" })

const get = (probe: Probe): Effect.Effect<Campaign, GatewayError> =>
  Effect.gen(function* () {
    const failure = failureOf(probe.next())
    if (probe.hangs(false) || probe.hangs(true)) return yield* Effect.never
    if (failure !== undefined) return yield* Effect.fail(failure)
    const campaign = probe.campaign(yield* Clock.currentTimeMillis)
    probe.lockRead = campaign.lock
    return campaign
  })

const apply = (
  probe: Probe,
  campaign: Campaign,
  change: Change
): Effect.Effect<Applied, GatewayError, AuditLog | MemoryLedger> =>
  Effect.gen(function* () {
    yield* checkSending(probe, campaign, change)
    const fault = probe.next()
    probe.writes += 1
    const read = probe.lockRead
    probe.lockRead = undefined
    if (probe.hangs(false)) return yield* Effect.never
    const failure = failureOf(fault)
    if (failure !== undefined) return yield* Effect.fail(failure)
    const { world } = probe
    const effect = world.effectOf(change.target)
    const reply = Effect.map(Clock.currentTimeMillis, (at) => ({
      campaign: probe.campaign(at),
      wrote: effect !== undefined,
      warnings: []
    }))
    if (fault.kind === "ignored") return yield* reply
    if (effect === undefined) return yield* reply
    if (read !== String(world.version)) return yield* new LockConflict({ campaignId: CAMPAIGN })
    if (effect === "refused" || fault.kind === "refused")
      return yield* new GenesysRefused({ status: 400, genesysCode: "model", detail: "model" })
    if (fault.kind === "lands") {
      world.inFlight.push({
        by: probe.request.requestedBy,
        calls: fault.afterCalls,
        version: world.version,
        status: effect
      })
      return yield* lost
    }
    world.set(effect)
    world.landed += 1
    if (probe.hangs(true)) return yield* Effect.never
    return fault.kind === "lostAfter" ? yield* lost : yield* reply
  })

/** No write without a durable intent, none against another lock than the one just read, none undecided. */
const checkSending = (probe: Probe, campaign: Campaign, { target }: Change) =>
  Effect.gen(function* () {
    const entries = yield* (yield* MemoryLedger).entries
    const intent = entries.findLast(
      ({ kind, requestedBy }) => kind === "intent" && requestedBy === probe.request.requestedBy
    )
    if (intent === undefined) throw new Broken("a write was sent without an intent")
    if (entries.some(({ intentId }) => intentId === intent.id))
      throw new Broken("a write was sent after its intent had an outcome")
    if (probe.lockRead === undefined)
      throw new Broken("a write was sent without a read in its attempt")
    if (campaign.lock !== probe.lockRead)
      throw new Broken("a write was sent under another lock than the one read in its attempt")
    if (target === "active") yield* checkActivation(probe, campaign)
  })

/** The rules of an activation, restated: what was read in this attempt must allow it now. */
const checkActivation = (probe: Probe, campaign: Campaign) =>
  Effect.gen(function* () {
    const { overrides = [], restart = false } = probe.request
    const overridden = (name: string) => overrides.some(({ guard }) => guard === name)
    const hour = new Date(yield* Clock.currentTimeMillis).getUTCHours()
    if (!overridden("capacity") && probe.world.agents < 2)
      throw new Broken("activated without agents")
    if (!overridden("callingWindow") && (hour < 9 || hour >= 20))
      throw new Broken("activated outside the calling window")
    if (campaign.status === "complete" && !restart) throw new Broken("restarted a list unasked")
    if (["on", "invalid"].includes(campaign.status))
      throw new Broken(`activated from ${campaign.status}`)
    const last = (yield* Effect.orDie((yield* AuditLog).lastApplied([CAMPAIGN]))).get(CAMPAIGN)
    if (last?.kind === "outcome" && last.targetState === "archived")
      throw new Broken("activated an archived campaign")
  })

/** The ports of one run. */
export const portsOf = (probe: Probe, capacityFails: boolean) =>
  Layer.mergeAll(
    Layer.effect(
      CampaignGateway,
      Effect.gen(function* () {
        const context = yield* Effect.context<AuditLog | MemoryLedger>()
        return CampaignGateway.of({
          capabilities: {
            contract: "memory",
            showsDrain: true,
            showsDispositions: false,
            abruptPause: false
          },
          get: () => get(probe),
          list: () => Stream.die("the model lists nothing"),
          apply: (campaign, change) => Effect.provide(apply(probe, campaign, change), context),
          stop: () => Effect.die("a transition never stops without a lock"),
          outstandingCalls: () => Effect.succeed(probe.world.calls)
        })
      })
    ),
    Layer.succeed(
      AgentCapacity,
      AgentCapacity.oneByOne(() =>
        capacityFails
          ? Effect.fail(new NotAuthenticated({ detail: "model" }))
          : Effect.delay(
              Effect.sync(() => ({
                _tag: "AgentsAvailable" as const,
                available: probe.world.agents,
                of: "Queue"
              })),
              probe.world.countingMs
            )
      )
    ),
    CallingWindows.always(defaultCallingWindow)
  )
