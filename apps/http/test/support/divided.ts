import { allScopes } from "../../src/index.ts"
import { type Client, clientOf, type Reply } from "./checked.ts"
import { Bench, type Service } from "./service.ts"

export const PAUSE = { target: "paused", reason: "OTHER" }
/** Campaigns of one fleet. */
export const FLEET = 12
/** Milliseconds between two looks. */
const LOOK_MS = 20

export const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

/** A reply's text without what tells one request from another, and with no id of what was asked about. */
export const withoutNames = ({ text }: Reply, asked: string): string =>
  text.replaceAll(asked, "ASKED").replace(/"requestId":"[^"]*","traceId":"[^"]*"/, "")

/** A service on SQLite over two divisions, with a key that may do everything and one that may do so in the first alone. */
export class Divided implements AsyncDisposable {
  readonly bench: Bench
  readonly home: string
  readonly away: string
  readonly right: string
  readonly bound: string
  readonly #env: Record<string, string>
  service: Service
  /** With the key that may do everything. */
  api: Client

  private constructor(
    keys: Pick<Divided, "bench" | "home" | "away" | "right" | "bound">,
    env: Record<string, string>,
    service: Service,
    api: Client
  ) {
    this.bench = keys.bench
    this.home = keys.home
    this.away = keys.away
    this.right = keys.right
    this.bound = keys.bound
    this.#env = env
    this.service = service
    this.api = api
  }

  /** @param names campaigns that dial before the service starts: one in each division */
  static async make(
    env: Record<string, string> = {},
    names: readonly [home: string, away: string] | readonly [] = []
  ): Promise<Divided> {
    const bench = await Bench.make()
    const { divisions } = await bench.simulator.control.state()
    const [home = "", away = ""] = divisions.map(({ id }) => id)
    const { text: right } = await bench.key({ name: "right", scopes: allScopes })
    const { text: bound } = await bench.key({
      name: "bound",
      scopes: allScopes,
      divisionIds: [home]
    })
    for (const [at, name] of names.entries())
      await bench.simulator.control.addCampaign({
        name,
        status: "on",
        divisionId: at === 0 ? home : away
      })
    const service = await bench.start(env)
    const api = await clientOf(service.url, right)
    return new Divided({ bench, home, away, right, bound }, env, service, api)
  }

  /** Starts it again, once it has ended. */
  async restart(): Promise<void> {
    this.service = await this.bench.start(this.#env)
    this.api = await clientOf(this.service.url, this.right)
  }

  /** A campaign that dials; its id. */
  async campaign(name: string, divisionId = this.home, queueId?: string): Promise<string> {
    const { id } = await this.bench.simulator.control.addCampaign({
      name,
      status: "on",
      divisionId,
      ...(queueId === undefined ? {} : { queueId })
    })
    return id
  }

  async campaigns(name: string): Promise<ReadonlyArray<string>> {
    const ids: Array<string> = []
    for (let n = 0; n < FLEET; n++)
      ids.push(await this.campaign(`${name} ${String(n).padStart(2, "0")}`))
    return ids
  }

  async writes(campaignId: string): Promise<number> {
    return (await this.bench.simulator.control.writes({ campaignId, by: "api" })).length
  }

  /** Asks that the campaigns of the name be paused. */
  fleet(name: string, more: object = {}, headers: Record<string, string> = {}): Promise<Reply> {
    return this.api("POST", "/v1/fleet", {
      headers,
      body: { selector: { namePattern: `${name} *` }, ...PAUSE, ...more }
    })
  }

  /** The operation, once nothing more will come of it. */
  async over(id: string): Promise<Reply["body"]> {
    while (true) {
      const { body } = await this.api("GET", `/v1/operations/${id}`)
      if (body.over) return body
      await pause(LOOK_MS)
    }
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.bench[Symbol.asyncDispose]()
  }
}
