import {
  type AgentCapacity,
  AuditLog,
  type CallingWindow,
  CallingWindows,
  type CampaignctlError,
  CampaignGateway,
  RequestInvalid,
  type TransitionPorts
} from "@campaignctl/core"
import {
  GatewayWorld,
  memoryAgentCapacity,
  memoryAuditLog,
  memoryGateway,
  MemoryLedger,
  sequentialIds
} from "@campaignctl/core/testing"
import { WebhookRegistration } from "@campaignctl/genesys-cloud"
import { Context, Deferred, Effect, Layer, Stream } from "effect"
import { fromLayer } from "../../src/CampaignStateManager.ts"
import { Defaults, type Ports } from "../../src/Session.ts"

/** Open at all hours, so that no test depends on when it runs. */
const alwaysOpen: CallingWindow = {
  zones: [{ zone: "UTC", slots: [{ from: "00:00", to: "24:00" }] }]
}

const webhooks = Layer.succeed(WebhookRegistration, {
  register: (endpoint) =>
    endpoint.endsWith("/refused")
      ? Effect.fail(new RequestInvalid({ problems: [] }))
      : Effect.succeed({ id: endpoint.endsWith("/known") ? "existing" : "hook-1" })
})

const everything = Layer.mergeAll(
  memoryGateway,
  memoryAgentCapacity,
  memoryAuditLog.pipe(Layer.provide(sequentialIds)),
  CallingWindows.always(alwaysOpen),
  webhooks,
  Layer.succeed(Defaults, { requestedBy: "ada", webhookUrl: undefined })
)

type Everything = TransitionPorts | Ports | GatewayWorld | MemoryLedger | AgentCapacity

/** Ports in memory whose world a test may reach into, and as many managers over them as it wants. */
export const memoryPorts = async () => {
  const context: Context.Context<Everything> = await Effect.runPromise(
    Effect.scoped(Layer.build(everything))
  )
  const world = Context.get(context, GatewayWorld)
  const ledger = Context.get(context, MemoryLedger)
  const log = Context.get(context, AuditLog)
  const run = <A>(effect: Effect.Effect<A, CampaignctlError>) => Effect.runPromise(effect)
  return {
    context,
    world,
    ledger,
    log,
    run,
    manager: (overrides: Context.Context<never> = Context.empty()) =>
      fromLayer(Layer.succeedContext(Context.merge(context, overrides))),
    addCampaign: (name: string, state: "active" | "paused" = "active", calls = 0) =>
      Effect.runPromise(world.addCampaign({ name, state, calls })),
    entries: () => Effect.runPromise(ledger.entries),
    requests: () => Effect.runPromise(world.requests)
  }
}

/** A gateway that holds every list and every write back, and a promise of the first one's arrival. */
export const heldGateway = (context: Context.Context<CampaignGateway>) => {
  const asked = Deferred.makeUnsafe<void>()
  const answered = Deferred.makeUnsafe<void>()
  const gateway = Context.get(context, CampaignGateway)
  const held = Effect.andThen(Deferred.succeed(asked, undefined), Deferred.await(answered))
  const holding = CampaignGateway.of({
    ...gateway,
    apply: (campaign, change) => Effect.andThen(held, gateway.apply(campaign, change)),
    list: (filter) => Stream.unwrap(Effect.as(held, gateway.list(filter)))
  })
  return {
    // The manager's layer takes it in place of the gateway in memory.
    overrides: Context.make(CampaignGateway, holding) as Context.Context<never>,
    asked: Effect.runPromise(Deferred.await(asked)),
    /** Lets what is held, and what comes after it, go on. */
    reply: () => Effect.runPromise(Deferred.succeed(answered, undefined))
  }
}
