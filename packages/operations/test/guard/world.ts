import {
  type Applied,
  type AuditEntry,
  type Campaign,
  CampaignId,
  type Change,
  type GatewayError,
  GenesysUnavailable,
  LockConflict,
  LockToken,
  RateLimited,
  type SupervisionPolicy
} from "@campaignctl/core"
import { Clock, Effect } from "effect"

/** A rule that every history must keep was broken. */
export class Broken extends Error {}

/** How a request of the guard fails. */
export type Fault =
  | "lostBefore"
  | "lostAfter"
  | "unavailable"
  | "rateLimited"
  /** A change is lost, and in that moment a human makes the very same one. */
  | "overtaken"
  /** Just before a change arrives, a human makes the opposite of what is so, and thinks better of it. */
  | "crossed"

/** Who changed a campaign, as the world knows and the guard must find out. */
export type Hand = "guard" | "human" | "edge"

/** One state of a campaign, from an instant on. */
export interface Moment {
  readonly at: number
  readonly active: boolean
  readonly by: Hand
  /** Whether it was asked for in campaignctl, so that the ledger has it anyway. */
  readonly viaCampaignctl: boolean
}

/** One campaign as Genesys holds it. */
export interface Held {
  readonly id: CampaignId
  readonly zone: string
  readonly queue: string
  status: string
  version: number
  /** Who stopped it last, or asked for it to stay so. */
  stoppedBy: Hand | undefined
  /** The ledger's sequence when somebody asked for it to stay paused. */
  askedAt: number | undefined
  /** Somebody else changed the campaign after it was stopped. */
  touched: boolean
  readonly past: Array<Moment>
  readonly agentsPast: Array<{
    readonly at: number
    readonly count: number | "unknown" | "failing"
  }>
}

/** A write of the guard that took effect. */
export interface Write {
  readonly at: number
  readonly id: CampaignId
  readonly target: string
  readonly reason: string | undefined
}

/** Milliseconds that a 429 asks to wait. */
const RETRY_AFTER_MS = 5_000
/** Faults that wait for their requests at most: more would be an outage, of which nothing is promised. */
const MOST_FAULTS = 3

/**
 * Milliseconds from what a start was decided by to its effect at most: it is sent within three seconds, and
 * takes up to a second and a half. What a halt that is younger does not see it proves only later.
 */
const DECISION_MS = 5_000

/** Genesys, its agents, its people and its Edges. */
export class World {
  readonly campaigns: Array<Held> = []
  readonly agents = new Map<string, number | "unknown" | "failing">()
  readonly faults: Array<Fault> = []
  readonly writes: Array<Write> = []
  windowsUnknown = false
  /** Whether the end of the calls changes the version, which Genesys does not document. */
  readonly drainBumps: boolean
  readonly hasCalls: boolean
  /** Milliseconds that calls go on after a stop. */
  readonly callMs: number
  /** Whether a halt holds all campaigns, from each instant on. */
  readonly halts: Array<{ readonly at: number; readonly holds: boolean }> = []
  /** Whether the guard may start what was stopped elsewhere. */
  readonly revertsStops: boolean
  /** Rules that were broken. They are told after the history: the guard survives its own defects. */
  readonly breaches: Array<string> = []
  entries: () => ReadonlyArray<AuditEntry> = () => []
  seed: number

  constructor(options: {
    readonly seed: number
    readonly drainBumps: boolean
    readonly hasCalls: boolean
    readonly callSeconds: number
    readonly drift: SupervisionPolicy["drift"]
    readonly revertStops: boolean
  }) {
    this.seed = options.seed
    this.drainBumps = options.drainBumps
    this.hasCalls = options.hasCalls
    this.callMs = options.callSeconds * 1_000
    this.revertsStops = options.drift === "revert" && options.revertStops
  }

  add(number: number, zone: string, status: string, now: number): Held {
    const held: Held = {
      id: CampaignId.make(`66666666-6666-4666-8666-${String(number).padStart(12, "0")}`),
      zone,
      queue: `queue-${number}`,
      status,
      version: 1,
      stoppedBy: undefined,
      askedAt: undefined,
      touched: false,
      past: [{ at: now, active: status === "on", by: "human", viaCampaignctl: false }],
      agentsPast: [{ at: now, count: 5 }]
    }
    this.campaigns.push(held)
    this.agents.set(held.queue, 5)
    return held
  }

  /** Some milliseconds up to a second and a half, the same for the same seed. */
  latency(): number {
    this.seed = (Math.imul(this.seed, 1_664_525) + 1_013_904_223) >>> 0
    return 20 + (this.seed % 1_500)
  }

  fault(fault: Fault): void {
    if (this.faults.length < MOST_FAULTS) this.faults.push(fault)
  }

  at(number: number): Held {
    const held = this.campaigns[number]
    if (held === undefined) throw new Broken(`there is no campaign ${number}`)
    return held
  }

  setAgents(number: number, count: number | "unknown" | "failing", now: number): void {
    const held = this.at(number)
    this.agents.set(held.queue, count)
    held.agentsPast.push({ at: now, count })
  }

  /** The same world for somebody whose requests take no time and do not fail. */
  atOnce(): World {
    const twin: World = Object.create(this)
    twin.request = (effect) => Effect.flatMap(Clock.currentTimeMillis, effect)
    return twin
  }

  find(id: CampaignId): Held {
    const held = this.campaigns.find((campaign) => campaign.id === id)
    if (held === undefined) throw new Broken(`there is no campaign ${id}`)
    return held
  }

  shown(held: Held, observedAt: number): Campaign {
    return {
      id: held.id,
      name: `Campaign ${held.id.slice(-1)}`,
      status: held.status,
      lock: LockToken.make(String(held.version)),
      dialingMode: "power",
      queue: { id: held.queue, name: held.queue },
      callableTimeSet: { id: held.zone },
      observedAt,
      original: null
    }
  }

  /** Turns a campaign on or off, as whoever it is. */
  turn(
    held: Held,
    on: boolean,
    by: Hand,
    now: number,
    { forced = false, viaCampaignctl = false } = {}
  ): void {
    if (on === (held.status === "on")) return
    const drains = !on && this.hasCalls
    held.status = on ? "on" : `${forced ? "forced_" : ""}${drains ? "stopping" : "off"}`
    held.version += 1
    held.past.push({ at: now, active: on, by, viaCampaignctl })
    if (!on) {
      held.stoppedBy = by
      held.askedAt = undefined
      held.touched = false
    }
  }

  get halted(): boolean {
    return this.halts.at(-1)?.holds ?? false
  }

  edit(held: Held): void {
    held.version += 1
    held.touched = true
  }

  /** What ends by itself as time passes. */
  passTime(now: number): void {
    for (const held of this.campaigns) {
      const since = held.past.at(-1)?.at ?? now
      if (!held.status.endsWith("stopping") || now - since < this.callMs) continue
      held.status = held.status.replace("stopping", "off")
      if (this.drainBumps) held.version += 1
    }
  }

  /** A request of the guard: it takes its time, and its fault. */
  request<A>(
    effect: (now: number) => Effect.Effect<A, GatewayError>,
    people?: { readonly overtake: (now: number) => void; readonly cross: (now: number) => void }
  ): Effect.Effect<A, GatewayError> {
    return Effect.gen({ self: this }, function* () {
      yield* Effect.sleep(this.latency())
      const index = this.faults.findIndex(
        (fault) => (fault !== "overtaken" && fault !== "crossed") || people !== undefined
      )
      const [fault] = index < 0 ? [] : this.faults.splice(index, 1)
      const now = yield* Clock.currentTimeMillis
      this.passTime(now)
      if (fault === "rateLimited") return yield* new RateLimited({ retryAfterMs: RETRY_AFTER_MS })
      if (fault === "unavailable")
        return yield* new GenesysUnavailable({
          reason: "server-error",
          detail: "model",
          status: 503
        })
      const lost = new GenesysUnavailable({ reason: "connection-lost", detail: "model" })
      if (fault === "overtaken") people?.overtake(now)
      if (fault === "crossed") people?.cross(now)
      if (fault === "lostBefore" || fault === "overtaken") return yield* lost
      const reply = yield* effect(now)
      yield* Effect.sleep(this.latency())
      return fault === "lostAfter" ? yield* lost : reply
    })
  }

  apply(campaign: Campaign, change: Change, by: Hand): Effect.Effect<Applied, GatewayError> {
    return this.request(
      (now) =>
        Effect.suspend(() => {
          const held = this.find(campaign.id)
          if (String(held.version) !== campaign.lock)
            return Effect.fail(new LockConflict({ campaignId: campaign.id }))
          const on = change.target === "active"
          if (by === "guard") this.checkGuard(held, on, now)
          if (by === "guard")
            this.writes.push({
              at: now,
              id: held.id,
              target: change.target,
              reason: change.pauseReason
            })
          this.turn(held, on, by, now, { viaCampaignctl: true })
          return Effect.succeed({ campaign: this.shown(held, now), wrote: true, warnings: [] })
        }),
      {
        overtake: (now) =>
          this.turn(this.find(campaign.id), change.target === "active", "human", now),
        cross: (now) => {
          const held = this.find(campaign.id)
          const on = held.status === "on"
          this.turn(held, !on, "human", now)
          this.turn(held, on, "human", now)
        }
      }
    )
  }

  /** What a human, or an Edge, stopped stays so, unless such stops are taken back and nobody asked for it here. */
  checkGuard(held: Held, on: boolean, now: number): void {
    const takesBack = this.revertsStops && held.past.at(-1)?.viaCampaignctl !== true
    if (on && held.stoppedBy !== "guard" && !takesBack)
      this.breaches.push(`the guard resumed what ${held.stoppedBy ?? "nobody"} stopped`)
    const halt = this.halts.at(-1)
    if (on && halt?.holds === true && now - halt.at > DECISION_MS)
      this.breaches.push("the guard resumed what a halt holds")
    const entries = this.entries()
    const intent = entries.findLast(
      (entry) => entry.kind === "intent" && entry.source === "guard" && entry.campaignId === held.id
    )
    if (
      intent?.targetState !== (on ? "active" : "paused") ||
      !intent.note?.includes("guard") ||
      entries.some(({ intentId }) => intentId === intent.id)
    )
      this.breaches.push("the guard wrote without an intent that explains it")
    if (on && held.askedAt !== undefined && held.askedAt < (intent?.sequence ?? 0))
      this.breaches.push("the guard resumed what a human asked to stay paused")
  }
}
