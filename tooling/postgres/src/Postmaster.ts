import { type ChildProcess, spawn } from "node:child_process"
import { once } from "node:events"
import { createInterface } from "node:readline"
import type { Account, Binaries } from "./binaries.ts"
import { childrenOf, resume, signalled } from "./processes.ts"

/**
 * How a server ends: `fast` as an administrator ends it, `immediate` as in a crash, its memory lost and
 * the log of changes read again at the next start. Source: PostgreSQL's manual, "Shutting Down the Server".
 */
export type StopMode = "fast" | "immediate"

const SIGNALS = { fast: "SIGINT", immediate: "SIGQUIT" } as const
const READY = "database system is ready to accept connections"
/** Lines of the server's log that an error shows. */
const LINES_SHOWN = 20

/** How a server is started. */
export interface PostmasterOptions {
  readonly binaries: Binaries
  readonly account: Account | undefined
  readonly dataDirectory: string
  readonly settings: Readonly<Record<string, string>>
}

/** One run of the server, from its start to its end. */
export class Postmaster {
  readonly pid: number
  readonly #exited: Promise<unknown>

  private constructor(child: ChildProcess, exited: Promise<unknown>) {
    this.pid = child.pid ?? 0
    this.#exited = exited
  }

  /** Starts a server, and waits until it takes connections. */
  static async start(options: PostmasterOptions): Promise<Postmaster> {
    const { account, binaries, dataDirectory, settings } = options
    const flags = Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`])
    const child = spawn(binaries.postgres, ["-D", dataDirectory, ...flags], {
      ...account,
      cwd: dataDirectory,
      // Its log is read, so it must be in the words that are looked for.
      env: { LC_ALL: "C" },
      stdio: ["ignore", "ignore", "pipe"],
      // In a group of its own: a Ctrl-C in the terminal is for the tests, which end it in order.
      detached: true
    })
    const exited = once(child, "exit")
    const log: Array<string> = []
    const ready = new Promise<"ready">((resolve) => {
      createInterface({ input: child.stderr }).on("line", (line) => {
        if (log.push(line) > LINES_SHOWN) log.shift()
        if (line.includes(READY)) resolve("ready")
      })
    })
    if ((await Promise.race([ready, exited])) !== "ready")
      throw new Error(`PostgreSQL did not start:\n${log.join("\n")}`)
    return new Postmaster(child, exited)
  }

  /** Ends the server and waits until it has ended. */
  async stop(mode: StopMode): Promise<void> {
    signalled(this.pid, SIGNALS[mode])
    await this.resume()
    await this.#exited
  }

  /** Stops every process of the server where it stands: connections stay open, and nothing answers. */
  async pause(): Promise<void> {
    // The one that starts the others first, so that none is missed.
    signalled(this.pid, "SIGSTOP")
    for (const child of await childrenOf(this.pid)) signalled(child, "SIGSTOP")
  }

  /** Lets a paused server go on. */
  async resume(): Promise<void> {
    await resume(this.pid)
  }
}
