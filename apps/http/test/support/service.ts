import assert from "node:assert/strict"
import { type ChildProcess, spawn } from "node:child_process"
import { once } from "node:events"
import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import {
  type Simulator,
  type SimulatorOptions,
  startSimulator
} from "@campaignctl/genesys-simulator"
import { inject } from "vitest"
import { ManagedRuntime, Redacted } from "effect"
import { type LedgerConfig, sqliteLedger } from "@campaignctl/core"
import { KeyStore, keysLayer, type NewKey } from "../../src/index.ts"
import { partsOfKey } from "../../src/callers/apiKey.ts"
import { bytesBelow, canaries, leaksAtRest, leaksIn } from "./canaries.ts"

export type Contract = "platform" | "etag"

const MAIN = fileURLToPath(new URL("../../src/main.ts", import.meta.url))
/** Milliseconds for a service to come up on a machine that does much else. */
const START_PATIENCE_MS = 40_000

/** A service in a process of its own. */
export class Service {
  readonly process: ChildProcess
  readonly url: string
  readonly #said: () => string

  constructor(process: ChildProcess, url: string, said: () => string) {
    this.process = process
    this.url = url
    this.#said = said
  }

  /** Everything that it has printed. */
  get said(): string {
    return this.#said()
  }

  /** Sends the signal and waits until the process has ended; its exit code, or the signal. */
  async end(signal: NodeJS.Signals = "SIGTERM"): Promise<number | string | null> {
    if (this.process.exitCode !== null || this.process.signalCode !== null)
      return this.process.exitCode ?? this.process.signalCode
    const ended = once(this.process, "exit")
    this.process.kill(signal)
    const [code, by] = (await ended) as [number | null, string | null] // what Node's `exit` carries
    return code ?? by
  }
}

/** Starts a service and waits until it listens; rejects with what it said where it ends first. */
export const startService = (env: Record<string, string>): Promise<Service> =>
  new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [inject("programs")[MAIN] ?? MAIN], {
      env: {
        PATH: process.env["PATH"] ?? "",
        HOME: process.env["HOME"] ?? "",
        // The sources are many, and the services of a run are too.
        NODE_COMPILE_CACHE: join(tmpdir(), "campaignctl-compiled"),
        ...env
      },
      stdio: ["ignore", "pipe", "pipe"]
    })
    let said = ""
    const timer = setTimeout(() => child.kill("SIGKILL"), START_PATIENCE_MS)
    const hear = (chunk: Buffer): void => {
      said += chunk.toString()
      const url = /listens on (\S+)/.exec(said)?.[1]
      if (url === undefined) return
      clearTimeout(timer)
      resolve(new Service(child, url, () => said))
    }
    child.stdout.on("data", hear)
    child.stderr.on("data", hear)
    child.once("exit", (code, signal) => {
      clearTimeout(timer)
      reject(new Error(`The service ended with ${code ?? signal}: ${said}`))
    })
  })

/** A simulator, a place for the ledger, and whatever service a test starts on them. */
export class Bench implements AsyncDisposable {
  readonly simulator: Simulator
  readonly directory: string
  readonly contract: Contract
  readonly services: Array<Service> = []
  /** A PostgreSQL database in place of the file. */
  readonly databaseUrl: string | undefined

  private constructor(
    simulator: Simulator,
    directory: string,
    contract: Contract,
    databaseUrl?: string
  ) {
    this.simulator = simulator
    this.directory = directory
    this.contract = contract
    this.databaseUrl = databaseUrl
  }

  static async make(
    contract: Contract = "platform",
    options: SimulatorOptions = {},
    databaseUrl?: string
  ): Promise<Bench> {
    const clientSecret = `canary-secret-${crypto.randomUUID()}`
    canaries.add(clientSecret)
    const simulator = await startSimulator({ ratePerMinute: null, clientSecret, ...options })
    return Bench.on(simulator, contract, databaseUrl)
  }

  /** On a simulator that was started already, and that ends with it. */
  static async on(
    simulator: Simulator,
    contract: Contract = "platform",
    databaseUrl?: string
  ): Promise<Bench> {
    const directory = await mkdtemp(join(tmpdir(), "campaignctl-test-"))
    if (databaseUrl !== undefined) canaries.add(new URL(databaseUrl).password)
    return new Bench(simulator, directory, contract, databaseUrl)
  }

  get ledgerFile(): string {
    return join(this.directory, "ledger.db")
  }

  get ledger(): LedgerConfig {
    return this.databaseUrl === undefined
      ? sqliteLedger(this.ledgerFile)
      : { _tag: "Postgres", url: Redacted.make(this.databaseUrl), place: "the test's database" }
  }

  get env(): Record<string, string> {
    const { apiUrl, clientId, clientSecret, loginUrl } = this.simulator
    return {
      GENESYS_API_URL: apiUrl,
      GENESYS_LOGIN_URL: loginUrl,
      GENESYS_CONTRACT: this.contract,
      OAUTH_CLIENT_ID: clientId,
      OAUTH_CLIENT_SECRET: clientSecret,
      CAMPAIGNCTL_DATABASE_URL: this.databaseUrl ?? `file:${this.ledgerFile}`,
      CAMPAIGNCTL_CALLING_WINDOW: "00:00-24:00",
      CAMPAIGNCTL_RETRY_BASE_MS: "20",
      CAMPAIGNCTL_RETRY_CAP_MS: "100",
      CAMPAIGNCTL_HTTP_PORT: "0",
      CAMPAIGNCTL_RUNNER_PORT: "0",
      CAMPAIGNCTL_HTTP_RATE_PER_MINUTE: "1000000"
    }
  }

  async start(env: Record<string, string> = {}): Promise<Service> {
    const service = await startService({ ...this.env, ...env })
    this.services.push(service)
    return service
  }

  /** Makes an API key, as the command line does: in the database, before or while the service runs. */
  async key(key: NewKey): Promise<{ readonly id: string; readonly text: string }> {
    const runtime = ManagedRuntime.make(keysLayer(this.ledger))
    const made = await runtime.runPromise(KeyStore.use(({ create }) => create(key)))
    await runtime.dispose()
    canaries.add(made.text).add(partsOfKey(made.text)?.secret ?? made.text)
    return { id: made.key.id, text: made.text }
  }

  async revoke(id: string): Promise<void> {
    const runtime = ManagedRuntime.make(keysLayer(this.ledger))
    await runtime.runPromise(KeyStore.use(({ revoke }) => revoke(id)))
    await runtime.dispose()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const service of this.services) await service.end("SIGKILL")
    await this.simulator.close()
    const files = await bytesBelow(this.directory)
    await rm(this.directory, { recursive: true, force: true })
    // Whatever the tests did, nothing may have leaked.
    const { clientId } = this.simulator
    assert.deepEqual(
      this.services.flatMap(({ said }) => leaksIn(said, clientId)),
      [],
      "a secret in what a service has printed"
    )
    assert.deepEqual(
      files.flatMap((text) => leaksAtRest(text, clientId)),
      [],
      "a secret in a file of a service"
    )
  }
}
