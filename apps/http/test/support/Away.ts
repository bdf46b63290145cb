import assert from "node:assert/strict"
import { type PostgresServer, startPostgres } from "@campaignctl/postgres-server"
import { allScopes } from "../../src/index.ts"
import { type Client, clientOf, type Reply } from "./checked.ts"
import { pause } from "./divided.ts"
import { Bench, type Service } from "./service.ts"

/** Campaigns that dial in each of two divisions. */
const CAMPAIGNS = 12
/** Milliseconds between two looks. */
const LOOK_MS = 100

interface HaltCall {
  readonly key?: string
  readonly idempotencyKey?: string
  readonly proofDeadlineMs?: number
}

/** A service on a PostgreSQL server of its own, which can be taken away. */
export class Away implements AsyncDisposable {
  readonly postgres: PostgresServer
  readonly bench: Bench
  /** Of two divisions: the campaigns that dial in each. */
  readonly home: ReadonlyArray<string>
  readonly elsewhere: ReadonlyArray<string>
  /** A key that may do everything, one that the service never sees before, and one bound to `elsewhere`. */
  readonly keys: { readonly seen: string; readonly unseen: string; readonly bound: string }
  service: Service
  api: Client

  private constructor(
    made: Pick<Away, "postgres" | "bench" | "home" | "elsewhere" | "keys">,
    service: Service,
    api: Client
  ) {
    this.postgres = made.postgres
    this.bench = made.bench
    this.home = made.home
    this.elsewhere = made.elsewhere
    this.keys = made.keys
    this.service = service
    this.api = api
  }

  static async make(): Promise<Away> {
    const postgres = await startPostgres()
    const bench = await Bench.make("platform", {}, await postgres.newDatabase())
    const { control } = bench.simulator
    const [here = "", there = ""] = (await control.state()).divisions.map(({ id }) => id)
    const key = async (name: string, divisionIds?: ReadonlyArray<string>) =>
      (
        await bench.key({
          name,
          scopes: allScopes,
          ...(divisionIds === undefined ? {} : { divisionIds })
        })
      ).text
    const keys = {
      seen: await key("seen"),
      unseen: await key("unseen"),
      bound: await key("bound", [there])
    }
    const queueId = (await control.queues())[0]?.id ?? ""
    await control.agents(queueId, CAMPAIGNS)
    const [home, elsewhere]: [Array<string>, Array<string>] = [[], []]
    for (let n = 0; n < CAMPAIGNS; n++)
      for (const [ids, divisionId] of [
        [home, here],
        [elsewhere, there]
      ] as const)
        ids.push(
          (
            await control.addCampaign({
              name: `Halted ${ids === home ? "here" : "there"} ${n}`,
              status: "on",
              divisionId,
              queueId
            })
          ).id
        )
    const service = await bench.start({ XDG_STATE_HOME: bench.directory })
    const api = await clientOf(service.url, keys.seen)
    const away = new Away({ postgres, bench, home, elsewhere, keys }, service, api)
    // The keys that the service has seen lately are those that may halt.
    for (const seen of [keys.seen, keys.bound])
      assert.equal((await api("GET", "/v1/campaigns", { key: seen })).status, 200)
    return away
  }

  /** Starts the service again, once it has ended. */
  async restart(): Promise<void> {
    this.service = await this.bench.start({ XDG_STATE_HOME: this.bench.directory })
    this.api = await clientOf(this.service.url, this.keys.seen)
  }

  halt({ idempotencyKey, key, proofDeadlineMs = 90_000 }: HaltCall = {}): Promise<Reply> {
    return this.api("POST", "/v1/halt", {
      body: {
        name: "recall",
        selector: { namePattern: "Halted*" },
        reason: "COMPLIANCE",
        proofDeadlineMs
      },
      ...(key === undefined ? {} : { key }),
      headers: idempotencyKey === undefined ? {} : { "idempotency-key": idempotencyKey }
    })
  }

  async stops(campaignId: string): Promise<number> {
    return (await this.bench.simulator.control.writes({ campaignId, by: "api" })).length
  }

  async untilStopped(campaigns: ReadonlyArray<string>): Promise<void> {
    for (const id of campaigns) while ((await this.stops(id)) === 0) await pause(LOOK_MS)
  }

  /** Asks until the answer is as it should be: the database may not be back for everybody yet. */
  async until(path: string, isSo: (reply: Reply) => boolean): Promise<Reply> {
    while (true) {
      const reply = await this.api("GET", path)
      if (reply.status === 200 && isSo(reply)) return reply
      await pause(LOOK_MS)
    }
  }

  /** That the ledger has, sooner or later, one stop of each campaign and its outcome, and that it is sound. */
  async toldOnce(campaigns: ReadonlyArray<string>): Promise<void> {
    type Entries = ReadonlyArray<{ readonly kind: string }>
    const kindsIn = ({ body }: Reply): ReadonlyArray<string> =>
      (body.entries as Entries) // as the description has it
        .map(({ kind }) => kind)
        .filter((kind) => kind === "intent" || kind === "outcome")
    for (const id of campaigns) {
      const told = await this.until(`/v1/audit?campaignId=${id}&limit=100`, (reply) =>
        kindsIn(reply).includes("outcome")
      )
      assert.deepEqual(kindsIn(told).toSorted(), ["intent", "outcome"], told.text)
    }
    const { body } = await this.until("/v1/audit/verify", () => true)
    assert.equal(body.intact, true)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.bench[Symbol.asyncDispose]()
    await this.postgres.stop()
  }
}
