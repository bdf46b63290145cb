import { Clock, Context, Effect, Layer, Option, Stream } from "effect"
import { type Campaign, CampaignId, LockToken } from "../campaign/Campaign.ts"
import type { TargetState } from "../campaign/State.ts"
import { CampaignNotFound, type GatewayError, LockConflict } from "../errors/errors.ts"
import {
  type Applied,
  CampaignGateway,
  type CampaignFilter,
  type CampaignPage,
  type Change
} from "../ports/CampaignGateway.ts"
import {
  GatewayWorld,
  type WorldCampaign,
  type WorldFault,
  type WorldRequest,
  type WorldState,
  type WorldWrite
} from "../testing/GatewayWorld.ts"
import { faultError, tookEffect } from "./faultError.ts"

/** Campaigns in one page, as many as Genesys gives. */
const PAGE_SIZE = 100
/** The queue and the division of every campaign in memory. */
const QUEUE = { id: "33333333-3333-4333-8333-333333333333", name: "Memory queue" }
const DIVISION = { id: "44444444-4444-4444-8444-444444444444", name: "Home" }

const STATUS: Readonly<Record<WorldState, string>> = {
  active: "on",
  draining: "stopping",
  paused: "off",
  completed: "complete",
  invalid: "invalid"
}

/** What a change turns each status into; a status that is absent needs nothing sent. */
const STOPS = { on: "stopping" }
const TURNS: Readonly<Record<TargetState, Readonly<Record<string, string>>>> = {
  active: { off: "on", stopping: "on", complete: "on", invalid: "on", on: "on" },
  paused: { ...STOPS, invalid: "off", complete: "off" },
  completed: STOPS,
  archived: STOPS
}

interface Held {
  readonly id: CampaignId
  readonly name: string
  status: string
  version: number
  calls: number
}

/**
 * A gateway over campaigns in this process's memory that behaves as the platform contract does:
 * numbered versions, drains, no word for archived. For tests and for trying things out.
 *
 * Every operation is synchronous, so that a test clock alone decides what happens when.
 */
export const memoryGateway: Layer.Layer<CampaignGateway | GatewayWorld> = Layer.effectContext(
  Effect.sync(() => {
    const memory = new Memory()
    const gateway = CampaignGateway.of({
      capabilities: {
        contract: "memory",
        showsDrain: true,
        showsDispositions: false,
        abruptPause: false
      },
      get: (id) =>
        memory.request("get", (now) => Effect.map(memory.find(id), (held) => shown(held, now))),
      list: (filter) => memory.list(filter),
      apply: (campaign, change) => memory.apply(campaign, change),
      stop: (id) => memory.stop(id),
      outstandingCalls: (id) =>
        memory.request("get", () => Effect.map(memory.find(id), ({ calls }) => calls))
    })
    const world = GatewayWorld.of({
      addCampaign: (campaign) => Effect.sync(() => memory.add(campaign)),
      setState: (id, state) =>
        Effect.orDie(Effect.map(memory.find(id), (held) => memory.change(held, STATUS[state]))),
      endCalls: (id) => Effect.orDie(Effect.map(memory.find(id), (held) => memory.endCalls(held))),
      failNext: (request, fault) => Effect.sync(() => void memory.faults.set(request, fault)),
      writes: Effect.sync(() => [...memory.writes]),
      requests: Effect.sync(() => memory.requests)
    })
    return Context.make(CampaignGateway, gateway).pipe(Context.add(GatewayWorld, world))
  })
)

const shown = ({ id, name, status, version }: Held, observedAt: number): Campaign => ({
  id,
  name,
  status,
  lock: LockToken.make(String(version)),
  dialingMode: "power",
  queue: QUEUE,
  division: DIVISION,
  observedAt,
  original: { id, name, campaignStatus: status, version }
})

class Memory {
  readonly #campaigns = new Map<CampaignId, Held>()
  readonly faults = new Map<WorldRequest, WorldFault>()
  readonly writes: Array<WorldWrite> = []
  requests = 0

  add({ calls = 0, name, state = "active" }: WorldCampaign): CampaignId {
    const id = CampaignId.make(
      `55555555-5555-4555-8555-${String(this.#campaigns.size + 1).padStart(12, "0")}`
    )
    this.#campaigns.set(id, { id, name, status: STATUS[state], version: 1, calls })
    return id
  }

  find(id: CampaignId): Effect.Effect<Held, CampaignNotFound> {
    return Effect.suspend(() => {
      const held = this.#campaigns.get(id)
      return held === undefined
        ? Effect.fail(new CampaignNotFound({ campaignId: id }))
        : Effect.succeed(held)
    })
  }

  change(held: Held, status: string): void {
    held.status = status === "stopping" && held.calls === 0 ? "off" : status
    held.version += 1
  }

  endCalls(held: Held): void {
    held.calls = 0
    if (held.status === "stopping") this.change(held, "off")
  }

  /** One request: takes its fault, and has its effect where the fault lets it. */
  request<A>(
    kind: WorldRequest,
    effect: (now: number) => Effect.Effect<A, GatewayError>
  ): Effect.Effect<A, GatewayError> {
    return Effect.flatMap(Clock.currentTimeMillis, (now) => {
      this.requests += 1
      const fault = this.faults.get(kind)
      this.faults.delete(kind)
      if (fault === undefined) return effect(now)
      const error = Effect.fail(faultError(fault))
      return tookEffect(fault) ? Effect.andThen(effect(now), error) : error
    })
  }

  apply(campaign: Campaign, change: Change): Effect.Effect<Applied, GatewayError> {
    const status = TURNS[change.target][campaign.status]
    if (status === undefined) return Effect.succeed({ campaign, wrote: false, warnings: [] })
    const warnings =
      change.target === "paused" && !change.drain
        ? ["This gateway always lets running calls end."]
        : []
    return this.request("apply", (now) =>
      Effect.flatMap(this.find(campaign.id), (held) => {
        if (String(held.version) !== campaign.lock)
          return Effect.fail(new LockConflict({ campaignId: campaign.id }))
        this.change(held, status)
        this.writes.push({ campaignId: campaign.id })
        return Effect.succeed({ campaign: shown(held, now), wrote: true, warnings })
      })
    )
  }

  stop(id: CampaignId): Effect.Effect<void, GatewayError> {
    return this.request("stop", () =>
      Effect.map(this.find(id), (held) => {
        if (held.status !== "on") return
        this.change(held, STOPS.on)
        this.writes.push({ campaignId: id })
      })
    )
  }

  list(filter: CampaignFilter): Stream.Stream<CampaignPage, GatewayError> {
    if (filter.ids?.length === 0) return Stream.empty
    const start = filter.ids === undefined ? (filter.skipPages ?? 0) * PAGE_SIZE : 0
    return Stream.paginate(start, (from) =>
      this.request("list", (now) =>
        Effect.sync(() => {
          const all = this.#selected(filter)
          const next = from + PAGE_SIZE
          const campaigns = all.slice(from, next).map((held) => shown(held, now))
          return [
            [{ campaigns, total: all.length }],
            next < all.length ? Option.some(next) : Option.none<number>()
          ] as const
        })
      )
    )
  }

  #selected({ divisionIds, ids, namePrefix, queueId }: CampaignFilter): ReadonlyArray<Held> {
    const all = ids === undefined ? [...this.#campaigns.values()] : this.#byIds(ids)
    const prefix = namePrefix?.toLowerCase() ?? ""
    return all.filter(
      ({ name }) =>
        name.toLowerCase().startsWith(prefix) &&
        (queueId === undefined || queueId === QUEUE.id) &&
        (divisionIds === undefined || divisionIds.includes(DIVISION.id))
    )
  }

  #byIds(ids: ReadonlyArray<CampaignId>): ReadonlyArray<Held> {
    return ids.flatMap((id) => {
      const held = this.#campaigns.get(id)
      return held === undefined ? [] : [held]
    })
  }
}
