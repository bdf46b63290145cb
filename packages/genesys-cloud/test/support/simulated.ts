import { CampaignId } from "@campaignctl/core"
import {
  CapacityWorld,
  GatewayWorld,
  RATE_LIMIT_SECONDS,
  type WorldFault,
  type WorldState
} from "@campaignctl/core/testing"
import {
  type CampaignStatus,
  type FaultEffect,
  type Simulator,
  type SimulatorOptions,
  startSimulator
} from "@campaignctl/genesys-simulator"
import { Context, Effect, Layer, Redacted } from "effect"
import { type GenesysOptions, layer } from "../../src/index.ts"

/** The simulator that a test runs against. */
export class Simulated extends Context.Service<Simulated, Simulator>()("test/Simulated") {}

/** Longer than any test: calls end only when the test ends them. */
const CALL_SECONDS = 3_600

const STATUS: Readonly<Record<WorldState, CampaignStatus>> = {
  active: "on",
  draining: "stopping",
  paused: "off",
  completed: "complete",
  invalid: "invalid"
}

const FAULT: Readonly<Record<WorldFault, FaultEffect>> = {
  "rate-limited": { kind: "rateLimited", retryAfter: String(RATE_LIMIT_SECONDS) },
  "server-error": { kind: "status", code: "service.unavailable" },
  "lost-before": { kind: "resetBefore" },
  "lost-after": { kind: "resetAfter" },
  "cut-short": { kind: "truncateBody" },
  refused: { kind: "status", code: "invalid.update" },
  "permission-missing": { kind: "status", code: "missing.permissions" }
}

const CAMPAIGNS = "/api/v2/outbound/campaigns"
const READS = {
  get: { method: "GET", route: `${CAMPAIGNS}/:id` },
  list: { method: "GET", route: CAMPAIGNS }
}
const ROUTES = {
  platform: {
    ...READS,
    apply: { method: "PUT", route: `${CAMPAIGNS}/:id` },
    stop: { method: "POST", route: `${CAMPAIGNS}/:id/stop` },
    count: { route: "/api/v2/analytics/queues/observations/query" }
  },
  etag: {
    ...READS,
    apply: { method: "PATCH", route: `${CAMPAIGNS}/:id` },
    stop: { method: "PATCH", route: `${CAMPAIGNS}/:id` },
    count: { route: "/api/v2/analytics/queues/realtime" }
  }
}

/** A simulator of its own, whose time stands still. */
export const simulator = (options: SimulatorOptions = {}): Layer.Layer<Simulated> =>
  Layer.effect(
    Simulated,
    Effect.acquireRelease(
      Effect.promise(() => startSimulator({ clock: { mode: "manual" }, ...options })),
      (running) => Effect.promise(() => running.close())
    )
  )

/** The options that reach a simulator. */
export const optionsFor = (
  running: Simulator,
  contract: GenesysOptions["contract"],
  more: Partial<GenesysOptions> = {}
): GenesysOptions => ({
  contract,
  apiUrl: running.apiUrl,
  loginUrl: running.loginUrl,
  clientId: running.clientId,
  clientSecret: Redacted.make(running.clientSecret),
  ...more
})

/** The services of a contract over the simulator. */
export const overSimulator = (
  contract: GenesysOptions["contract"],
  more: Partial<GenesysOptions> = {}
) => Layer.unwrap(Effect.map(Simulated, (running) => layer(optionsFor(running, contract, more))))

/** The simulator in the contract suites' hands. */
export const simulatedWorld = (
  contract: GenesysOptions["contract"]
): Layer.Layer<GatewayWorld | CapacityWorld, never, Simulated> =>
  Layer.effectContext(
    Effect.gen(function* () {
      const { control } = yield* Simulated
      const queues = [...(yield* Effect.promise(() => control.queues()))]
      const [home] = queues
      const gateway = GatewayWorld.of({
        addCampaign: ({ calls = 0, name, state = "active" }) =>
          Effect.promise(async () => {
            const { id } = await control.addCampaign({
              name,
              status: STATUS[state],
              ...(home === undefined ? {} : { queueId: home.id })
            })
            if (calls > 0)
              await control.changeCampaign(id, {
                outstandingCalls: calls,
                callSeconds: CALL_SECONDS
              })
            return CampaignId.make(id)
          }),
        setState: (id, state) =>
          Effect.promise(() => control.changeCampaign(id, { status: STATUS[state] })),
        endCalls: (id) =>
          Effect.promise(async () => {
            await control.changeCampaign(id, { outstandingCalls: 0 })
            await control.advance(1)
          }),
        failNext: (request, fault) =>
          Effect.promise(() =>
            control.fault({
              ...ROUTES[contract][request],
              ...FAULT[fault]
            })
          ),
        writes: Effect.map(
          Effect.promise(() => control.writes({ by: "api" })),
          (writes) => writes.map(({ campaignId }) => ({ campaignId }))
        ),
        requests: Effect.map(
          Effect.promise(() => control.requests()),
          (requests) => requests.filter(({ path }) => path.startsWith(CAMPAIGNS)).length
        )
      })
      const capacity = CapacityWorld.of({
        queueWith: (agents) =>
          Effect.promise(async () => {
            const queue = queues.shift()
            if (queue === undefined) throw new Error("The simulator has no more queues.")
            await control.agents(queue.id, agents)
            return { id: queue.id, name: queue.name }
          }),
        total: Effect.map(
          Effect.promise(() => control.queues()),
          (all) => all.reduce((sum, { idle }) => sum + idle, 0)
        ),
        requests: Effect.map(
          Effect.promise(() => control.requests()),
          (requests) =>
            requests.filter(({ path }) => path.startsWith(ROUTES[contract].count.route)).length
        ),
        failNext: (fault) =>
          Effect.promise(() => control.fault({ ...ROUTES[contract].count, ...FAULT[fault] }))
      })
      return Context.make(GatewayWorld, gateway).pipe(Context.add(CapacityWorld, capacity))
    })
  )
