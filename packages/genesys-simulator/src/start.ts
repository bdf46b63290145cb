import { randomInt } from "node:crypto"
import { ControlClient } from "./control/ControlClient.ts"
import { makeControlApp } from "./control/controlApp.ts"
import { makeApiApp } from "./http/apiApp.ts"
import { DEFAULT_RATE_PER_MINUTE } from "./http/RateLimit.ts"
import { apiRoutes } from "./http/routes/routes.ts"
import { loginRoutes } from "./http/routes/tokens.ts"
import { DEFAULT_TOKEN_SECONDS } from "./http/Tokens.ts"
import { closeAll, listen } from "./Listener.ts"
import { acceptSockets } from "./notifications/acceptSockets.ts"
import { DEFAULT_CAMPAIGNS, seedWorld } from "./seed/seedWorld.ts"
import { makeClock } from "./SimulatorClock.ts"
import type { ClockOptions } from "./SimulatorClock.ts"
import { SimulatorState } from "./SimulatorState.ts"
import type { CallTiming } from "./world/Calls.ts"
import { campaignName } from "./world/Campaign.ts"
import type { CampaignStatus } from "./world/CampaignStatus.ts"
import type { UnknownFacts } from "./world/UnknownFacts.ts"

/** Fixed, so that a human can copy them. They open nothing but a simulator on this machine. */
export const DEVELOPMENT_CLIENT_ID = "3f1d5c2a-0000-4000-8000-51e0a70c11e7"
export const DEVELOPMENT_CLIENT_SECRET = "simulator-development-secret"

/** The seed of the organisation that the documentation shows. */
export const DEFAULT_SEED = 42

/** What a simulator may be started with; everything has a default. */
export interface SimulatorOptions {
  /** Port of the API; 0, the default, takes a free one. */
  readonly port?: number
  /** Port of the control interface; 0, the default, takes a free one. */
  readonly controlPort?: number
  /** A port of its own for the login host; without it the API's port serves it. 0 takes a free one. */
  readonly loginPort?: number
  /** The same seed gives the same organisation and the same course of events. "random" draws one. */
  readonly seed?: number | "random"
  /** How many campaigns; the first nine are the named ones. */
  readonly campaigns?: number
  readonly clientId?: string
  readonly clientSecret?: string
  /** Seconds that a token is valid. */
  readonly tokenSeconds?: number
  /** Requests a minute for one token; null switches the limit off. */
  readonly ratePerMinute?: number | null
  readonly clock?: ClockOptions
  readonly callTiming?: CallTiming
  /** Campaigns that the organisation may have on at once: 50, unless its limit was raised. */
  readonly activeLimit?: number
  readonly unknownFacts?: Partial<UnknownFacts>
}

/** One campaign of the organisation, as it was at the start. */
export interface SimulatorCampaign {
  readonly id: string
  readonly name: string
  readonly status: CampaignStatus
}

/** What a client needs to find its way: the very line that the program prints with `--json`. */
export interface SimulatorReady {
  readonly apiUrl: string
  readonly loginUrl: string
  readonly controlUrl: string
  readonly clientId: string
  readonly clientSecret: string
  readonly campaigns: ReadonlyArray<SimulatorCampaign>
}

export interface Simulator extends SimulatorReady {
  readonly control: ControlClient
  /** Ends it, open connections included. */
  close(): Promise<void>
}

const LARGEST_SEED = 2 ** 31

/**
 * Starts a local Genesys Cloud on 127.0.0.1.
 *
 * @throws {PortBusy} when a port that was asked for is taken; nothing is left running then.
 */
export const startSimulator = async (options: SimulatorOptions = {}): Promise<Simulator> => {
  const clock = makeClock(options.clock)
  const credentials = {
    clientId: options.clientId ?? DEVELOPMENT_CLIENT_ID,
    clientSecret: options.clientSecret ?? DEVELOPMENT_CLIENT_SECRET
  }
  const world = seedWorld({
    seed: options.seed === "random" ? randomInt(LARGEST_SEED) : (options.seed ?? DEFAULT_SEED),
    now: clock.worldNow(),
    campaigns: options.campaigns ?? DEFAULT_CAMPAIGNS,
    ...(options.unknownFacts === undefined ? {} : { unknownFacts: options.unknownFacts }),
    ...(options.callTiming === undefined ? {} : { callTiming: options.callTiming }),
    ...(options.activeLimit === undefined ? {} : { activeLimit: options.activeLimit })
  })
  const state = new SimulatorState({
    world,
    clock,
    credentials,
    tokenSeconds: options.tokenSeconds ?? DEFAULT_TOKEN_SECONDS,
    ratePerMinute:
      options.ratePerMinute === null
        ? undefined
        : (options.ratePerMinute ?? DEFAULT_RATE_PER_MINUTE)
  })
  const ownLogin = options.loginPort !== undefined
  const [api, control, login] = await listen([
    {
      app: makeApiApp(state, ownLogin ? apiRoutes : [...apiRoutes, ...loginRoutes]),
      port: options.port ?? 0
    },
    { app: makeControlApp(state), port: options.controlPort ?? 0 },
    ...(ownLogin ? [{ app: makeApiApp(state, loginRoutes), port: options.loginPort ?? 0 }] : [])
  ])
  if (api === undefined || control === undefined)
    throw new Error("The simulator's listeners did not start.")
  acceptSockets(state, api.server, api.url)
  return {
    apiUrl: api.url,
    loginUrl: (login ?? api).url,
    controlUrl: control.url,
    ...credentials,
    campaigns: [...world.campaigns.values()].map((campaign) => ({
      id: campaign.id,
      name: campaignName(campaign),
      status: campaign.status
    })),
    control: new ControlClient(control.url),
    close: async () => {
      await state.notifications.sockets.end()
      await closeAll([api, control, ...(login === undefined ? [] : [login])])
    }
  }
}
