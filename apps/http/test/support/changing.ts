import type { CampaignStatus } from "@campaignctl/genesys-simulator"
import { clientOf, type Reply } from "./checked.ts"
import { Bench, type Contract, type Service } from "./service.ts"

export const CONTRACTS: ReadonlyArray<Contract> = ["platform", "etag"]

/** Agents of every queue: more than any start needs. */
const AGENTS = 5

/** A service over one of Genesys' contracts, and what changes campaigns through it. */
export class Changing implements AsyncDisposable {
  readonly bench: Bench
  readonly service: Service
  readonly api: Awaited<ReturnType<typeof clientOf>>
  /** The method with which Genesys is asked for a change. */
  readonly change: "PUT" | "PATCH"

  private constructor(bench: Bench, service: Service, api: Changing["api"]) {
    this.bench = bench
    this.service = service
    this.api = api
    this.change = bench.contract === "platform" ? "PUT" : "PATCH"
  }

  static async make(contract: Contract): Promise<Changing> {
    const bench = await Bench.make(contract)
    const service = await bench.start()
    return new Changing(bench, service, await clientOf(service.url))
  }

  /** A campaign of a name of its own, with agents; its id. */
  async campaign(status: CampaignStatus = "on"): Promise<string> {
    const { control } = this.bench.simulator
    const queueId = (await control.queues())[0]?.id ?? ""
    await control.agents(queueId, AGENTS)
    const { id } = await control.addCampaign({
      name: `E2E ${crypto.randomUUID()}`,
      status,
      queueId,
      dialingMode: "power"
    })
    return id
  }

  /** Asks for a change of the campaign. */
  ask(id: string, body: object, headers: Record<string, string> = {}): Promise<Reply> {
    return this.api("POST", `/v1/campaigns/${id}/transitions`, { body, headers })
  }

  async writes(campaignId: string): Promise<number> {
    return (await this.bench.simulator.control.writes({ campaignId, by: "api" })).length
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.bench[Symbol.asyncDispose]()
  }
}
