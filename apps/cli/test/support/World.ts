import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { ControlClient, type SimulatorReady } from "@campaignctl/genesys-simulator"
import { afterAll, beforeAll, expect } from "vitest"
import { bytesBelow, CANARY_SECRET, keysIn, leaksIn, passwordsOf, shownOnceIn } from "./canary.ts"
import { type Env, type Ran, type Running, start, type StartOptions } from "./Cli.ts"

export type Contract = "platform" | "etag"

/** The whole day, so that a test does not depend on the hour. */
const ALWAYS_OPEN = "00:00-24:00 UTC"

/** Milliseconds between the retries of a run at most: short, so that a test that has all of them fail ends soon. */
const RETRY_CAP_MS = "50"

/** A simulator in a process of its own, and the built program beside it. */
export class World {
  readonly ready: SimulatorReady
  readonly control: ControlClient
  readonly directory: string
  readonly #simulator: Running
  readonly #written: Array<string> = []
  readonly #complaints: Array<string> = []
  readonly #passwords = new Set<string>()
  #ledgers = 0

  constructor(ready: SimulatorReady, simulator: Running, directory: string) {
    this.ready = ready
    this.control = new ControlClient(ready.controlUrl)
    this.#simulator = simulator
    this.directory = directory
  }

  idOf(name: string): string {
    const found = this.ready.campaigns.find((campaign) => campaign.name === name)
    if (found === undefined) throw new Error(`No campaign ${name}.`)
    return found.id
  }

  async queueOf(name: string): Promise<string> {
    const found = (await this.control.queues()).find((queue) => queue.name === name)
    if (found === undefined) throw new Error(`No queue ${name}.`)
    return found.id
  }

  /** The file of the ledger that an environment names. */
  ledgerOf({ CAMPAIGNCTL_DATABASE_URL: url = "" }: Env): string {
    return url.replace(/^file:/, "")
  }

  /** The environment of one terminal, with a ledger of its own. */
  env(contract: Contract = "platform", more: Env = {}): Env {
    this.#ledgers += 1
    return {
      GENESYS_API_URL: this.ready.apiUrl,
      GENESYS_LOGIN_URL: this.ready.loginUrl,
      GENESYS_CONTRACT: contract,
      OAUTH_CLIENT_ID: this.ready.clientId,
      OAUTH_CLIENT_SECRET: CANARY_SECRET,
      CAMPAIGNCTL_DATABASE_URL: `file:${join(this.directory, `ledger-${this.#ledgers}.db`)}`,
      CAMPAIGNCTL_CALLING_WINDOW: ALWAYS_OPEN,
      CAMPAIGNCTL_REQUESTED_BY: "tester@example.com",
      CAMPAIGNCTL_RETRY_BASE_MS: RETRY_CAP_MS,
      CAMPAIGNCTL_RETRY_CAP_MS: RETRY_CAP_MS,
      HOME: this.directory,
      ...more
    }
  }

  start(words: ReadonlyArray<string>, env: Env, options?: StartOptions): Running {
    const running = start(words, env, options)
    for (const password of passwordsOf(env["CAMPAIGNCTL_DATABASE_URL"] ?? ""))
      this.#passwords.add(password)
    void running.done.then(({ stderr, stdout }) => {
      this.#written.push(stdout, stderr)
      this.#complaints.push(stderr)
    })
    return running
  }

  run(words: ReadonlyArray<string>, env: Env): Promise<Ran> {
    return this.start(words, env).done
  }

  /** Runs with `-o json` and gives the one document on stdout beside the rest. */
  async json(words: ReadonlyArray<string>, env: Env, options?: StartOptions) {
    const ran = await this.start([...words, "-o", "json"], env, options).done
    return { ...ran, document: JSON.parse(ran.stdout) }
  }

  /** How many changes the simulator has applied to campaigns over its API. */
  async writes(): Promise<number> {
    return (await this.control.writes({ by: "api" })).length
  }

  /** What was written anywhere and must not have been. */
  async leaks(): Promise<ReadonlyArray<string>> {
    const files = await bytesBelow(this.directory)
    const texts = [...this.#written, ...files]
    return [
      ...texts.flatMap((text) => leaksIn(text, this.ready.clientId)),
      // A profile that a test has written may have the password of its database.
      ...[...this.#passwords].filter((password) =>
        this.#written.some((text) => text.includes(password))
      ),
      ...this.#complaints.flatMap(shownOnceIn),
      ...files.flatMap(keysIn)
    ]
  }

  async close(): Promise<void> {
    this.#simulator.child.kill("SIGTERM")
    await this.#simulator.done
    await rm(this.directory, { recursive: true, force: true })
  }
}

const firstLineOf = (running: Running): Promise<string> =>
  new Promise((resolve, reject) => {
    let text = ""
    running.child.stdout?.on("data", (part: string) => {
      text += part
      const end = text.indexOf("\n")
      if (end >= 0) resolve(text.slice(0, end))
    })
    void running.done.then(({ stderr }) => reject(new Error(`The simulator ended: ${stderr}`)))
  })

const startWorld = async (words: ReadonlyArray<string> = []): Promise<World> => {
  const directory = await mkdtemp(join(tmpdir(), "campaignctl-test-"))
  const simulator = start(
    [
      "simulator",
      "--json",
      "--port",
      "0",
      "--rate",
      "off",
      "--client-secret",
      CANARY_SECRET,
      ...words
    ],
    {}
  )
  const ready = JSON.parse(await firstLineOf(simulator)) as SimulatorReady // the simulator's documented line
  return new World(ready, simulator, directory)
}

/** One simulator for a file of tests. At the end nothing may have leaked, whatever the tests did. */
export const useWorld = (words: ReadonlyArray<string> = []): (() => World) => {
  let world: World | undefined
  beforeAll(async () => {
    world = await startWorld(words)
  })
  afterAll(async () => {
    if (world === undefined) return
    const leaks = await world.leaks()
    await world.close()
    expect(leaks).toEqual([])
  })
  return () => {
    if (world === undefined) throw new Error("The simulator has not started yet.")
    return world
  }
}
