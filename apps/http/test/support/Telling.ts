import { join } from "node:path"
import { setTimeout as delay } from "node:timers/promises"
import { AuditLog } from "@campaignctl/core"
import { simulatorProcess } from "@campaignctl/genesys-simulator/test-process"
import { watchStoreSql, WatchStore } from "@campaignctl/operations"
import { Layer, ManagedRuntime, Stream } from "effect"
import { databaseLayer } from "../../src/index.ts"
import { canaries } from "./canaries.ts"
import { Receiver } from "./Receiver.ts"
import { Bench, type Service } from "./service.ts"

/** Milliseconds between two looks at what takes its time. */
const LOOK_MS = 50

/** Asks again until there is an answer; the test's own time limit ends what never comes. */
export const until = async <A>(ask: () => Promise<A | undefined>): Promise<A> => {
  for (;;) {
    const answer = await ask()
    if (answer !== undefined) return answer
    await delay(LOOK_MS)
  }
}

const openLedger = (bench: Bench) =>
  ManagedRuntime.make(Layer.provideMerge(watchStoreSql, databaseLayer(bench.ledger)))

/** A simulator, a receiver and services, each in a process of its own; the receiver is the one that the services' configuration names. */
export class Telling implements AsyncDisposable {
  readonly bench: Bench
  readonly receiver: Receiver
  readonly #ledger: ReturnType<typeof openLedger>

  private constructor(bench: Bench, receiver: Receiver) {
    this.bench = bench
    this.receiver = receiver
    this.#ledger = openLedger(bench)
    canaries.add(receiver.secret)
  }

  static async make(databaseUrl?: string): Promise<Telling> {
    const started = await simulatorProcess("--rate", "off", "--call-seconds", "0.1-0.3")
    const { control, ready } = started
    const simulator = { ...ready, control, close: () => started[Symbol.asyncDispose]() }
    const bench = await Bench.on(simulator, "platform", databaseUrl)
    const receiver = await Receiver.start(join(bench.directory, "received.jsonl"))
    return new Telling(bench, receiver)
  }

  get control(): Bench["simulator"]["control"] {
    return this.bench.simulator.control
  }

  /** Starts a service that tells the receiver. */
  start(env: Record<string, string> = {}): Promise<Service> {
    return this.bench.start({
      WEBHOOK_CALLBACK_URL: this.receiver.url,
      WEBHOOK_SECRET: this.receiver.secret,
      CAMPAIGNCTL_WEBHOOK_ALLOW: "127.0.0.1",
      ...env
    })
  }

  /** Adds campaigns without calls, whose names begin so; their ids. */
  async campaigns(name: string, count: number): Promise<ReadonlyArray<string>> {
    const ids: Array<string> = []
    for (let n = 0; n < count; n++)
      ids.push((await this.control.addCampaign({ name: `${name} ${n}`, status: "on" })).id)
    return ids
  }

  /** Waits until changes of all campaigns are heard of. */
  async untilHeard(): Promise<void> {
    const { campaigns } = await this.control.state()
    const store = await this.#ledger.runPromise(WatchStore)
    await until(async () => {
      const beat = await this.#ledger.runPromise(store.beat)
      return beat?.covered === campaigns.length ? beat : undefined
    })
  }

  /** All entries of the ledger, in order. */
  entries() {
    return this.#ledger.runPromise(AuditLog.use((ledger) => Stream.runCollect(ledger.query({}))))
  }

  verified() {
    return this.#ledger.runPromise(AuditLog.use(({ verify }) => verify))
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#ledger.dispose()
    await this.receiver.kill()
    await this.bench[Symbol.asyncDispose]()
  }
}
