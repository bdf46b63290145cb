import {
  AgentCapacity,
  CallingWindows,
  CampaignEvents,
  CampaignGateway,
  type ConfigInvalid,
  makeMemoryStore,
  makeRequestBudget,
  RequestBudget
} from "@campaignctl/core"
import { Context, Effect, Layer, Option } from "effect"
import { Diagnosis, makeDiagnosis } from "./diagnosis/Diagnosis.ts"
import { makeEtagCapacity } from "./etag/EtagCapacity.ts"
import { makeEtagGateway } from "./etag/EtagGateway.ts"
import {
  makeEtagWebhooks,
  platformHasNoWebhooks,
  WebhookRegistration
} from "./etag/WebhookRegistration.ts"
import { lazyEvents, noEvents } from "./notifications/lazyEvents.ts"
import type { OpenSocket } from "./notifications/Socket.ts"
import { type GenesysOptions, type Settings, settingsOf } from "./options.ts"
import {
  makeCallableTimeSetWindows,
  noCallableTimeSets
} from "./platform/CallableTimeSetWindows.ts"
import { makePlatformCapacity } from "./platform/PlatformCapacity.ts"
import { makePlatformGateway } from "./platform/PlatformGateway.ts"
import { makeAxiosTransport } from "./wire/axiosTransport.ts"
import { type GenesysClient, makeGenesysClient } from "./wire/GenesysClient.ts"
import type { Transport } from "./wire/Transport.ts"

/** Everything that this package provides. */
export type GenesysServices =
  | CampaignGateway
  | AgentCapacity
  | CallingWindows
  | CampaignEvents
  | WebhookRegistration
  | Diagnosis
  | RequestBudget

type Services = {
  readonly gateway: CampaignGateway["Service"]
  readonly capacity: AgentCapacity["Service"]
  readonly windows: CallingWindows["Service"]
  readonly events: CampaignEvents["Service"]
  readonly webhooks: WebhookRegistration["Service"]
}

const servicesOf: Readonly<
  Record<
    Settings["contract"],
    (client: GenesysClient, settings: Settings, open: OpenSocket | undefined) => Services
  >
> = {
  platform: (client, { apiUrl, archiveDivision }, open) => ({
    gateway: makePlatformGateway(client, archiveDivision),
    capacity: makePlatformCapacity(client),
    windows: makeCallableTimeSetWindows(client),
    events: lazyEvents(client, apiUrl, open),
    webhooks: platformHasNoWebhooks
  }),
  etag: (client, { archiveDivision }) => ({
    gateway: makeEtagGateway(client, archiveDivision),
    capacity: makeEtagCapacity(client),
    windows: noCallableTimeSets,
    events: noEvents,
    webhooks: makeEtagWebhooks(client)
  })
}

/** The services over a transport and sockets of the caller's, which the tests use. */
export const layerOver = (
  options: GenesysOptions,
  transport: Effect.Effect<Transport>,
  open?: OpenSocket
): Layer.Layer<GenesysServices, ConfigInvalid> =>
  Layer.effectContext(
    Effect.gen(function* () {
      const settings = yield* settingsOf(options)
      // One for all who use the OAuth client, where the composition has one; else this process's own.
      const shared = yield* Effect.serviceOption(RequestBudget)
      const budget = Option.isSome(shared)
        ? shared.value
        : yield* makeRequestBudget(makeMemoryStore())
      const client = yield* makeGenesysClient(
        settings,
        yield* transport,
        yield* Effect.scope,
        budget
      )
      const services = servicesOf[settings.contract](client, settings, open)
      const diagnosis = makeDiagnosis(
        client,
        settings.contract,
        settings.archiveDivision !== undefined
      )
      return Context.make(CampaignGateway, services.gateway).pipe(
        Context.add(AgentCapacity, services.capacity),
        Context.add(CallingWindows, services.windows),
        Context.add(CampaignEvents, services.events),
        Context.add(WebhookRegistration, services.webhooks),
        Context.add(Diagnosis, diagnosis),
        Context.add(RequestBudget, budget)
      )
    })
  )

/**
 * Genesys, by the contract that the options name. Nothing is requested until a service is used.
 *
 * Its requests go through the `RequestBudget` that the layer is provided with, which several processes
 * may share; without one through a budget of its own. Either is provided on.
 *
 * Its `CallingWindows` are the campaigns' own callable time sets; provide
 * `CallingWindows.always(window)` over it where one window holds for all.
 */
export const layer = (options: GenesysOptions): Layer.Layer<GenesysServices, ConfigInvalid> =>
  layerOver(
    options,
    Effect.promise(() => makeAxiosTransport())
  )

/** Genesys Cloud's public API. */
export const platformLayer = (
  options: Omit<GenesysOptions, "contract">
): Layer.Layer<GenesysServices, ConfigInvalid> => layer({ ...options, contract: "platform" })

/** A gateway that serves the ETag contract. */
export const etagLayer = (
  options: Omit<GenesysOptions, "contract" | "archiveDivision">
): Layer.Layer<GenesysServices, ConfigInvalid> => layer({ ...options, contract: "etag" })
