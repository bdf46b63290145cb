import { Faults } from "./http/Faults.ts"
import { Permissions } from "./http/Permissions.ts"
import { RateLimit } from "./http/RateLimit.ts"
import { RequestLog } from "./http/RequestLog.ts"
import { Tokens } from "./http/Tokens.ts"
import type { JsonObject } from "./Json.ts"
import { Notifications } from "./notifications/Notifications.ts"
import type { Random } from "./Random.ts"
import type { SimulatorClock } from "./SimulatorClock.ts"
import type { World } from "./world/World.ts"

export interface Credentials {
  readonly clientId: string
  readonly clientSecret: string
}

export interface StateOptions {
  readonly world: World
  readonly clock: SimulatorClock
  readonly credentials: Credentials
  readonly tokenSeconds: number
  readonly ratePerMinute: number | undefined
}

/** The world and everything that stands between it and a client. */
export class SimulatorState {
  readonly world: World
  readonly clock: SimulatorClock
  readonly credentials: Credentials
  readonly tokens: Tokens
  readonly rate: RateLimit
  readonly permissions = new Permissions()
  readonly faults = new Faults()
  readonly requests = new RequestLog()
  /** Webhooks registered over the ETag contract, by name. */
  readonly webhooks = new Map<string, JsonObject>()
  readonly notifications: Notifications
  readonly ids: Random
  /** Milliseconds by which the Date header differs from the clock. */
  dateSkew = 0

  constructor(options: StateOptions) {
    this.world = options.world
    this.clock = options.clock
    this.credentials = options.credentials
    this.tokens = new Tokens(options.world.random.fork("tokens"), options.tokenSeconds)
    this.rate = new RateLimit(options.ratePerMinute)
    this.ids = options.world.random.fork("ids")
    this.notifications = new Notifications({
      world: options.world,
      random: options.world.random.fork("notifications"),
      tokenLives: (token) => this.tokens.find(token.text, this.clock.wallNow()) !== undefined,
      catchUp: () => this.catchUp()
    })
    options.world.watcher = this.notifications
  }

  /** Lets the world live up to now. */
  catchUp(): void {
    this.world.advanceTo(this.clock.worldNow())
    this.notifications.settle()
  }

  /** The time that the server tells its clients. */
  serverTime(): number {
    return this.clock.wallNow() + this.dateSkew
  }
}
