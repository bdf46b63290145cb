import { type ChildProcess, spawn } from "node:child_process"
import { randomBytes } from "node:crypto"
import { once } from "node:events"
import { open, readFile } from "node:fs/promises"
import { createInterface } from "node:readline"
import { fileURLToPath } from "node:url"
import { inject } from "vitest"
import { Schema } from "effect"
import { WebhookEvent } from "@campaignctl/webhooks"

/** What a receiver's process is told. */
export interface ReceiverTask {
  /** 0 for any. */
  readonly port: number
  readonly secret: string
  /** Where it writes what it got, a line each. */
  readonly file: string
  readonly answerAfterMs: number
}

/** What a receiver writes of each message. */
export interface Got {
  /** Epoch milliseconds at which all of it was there. */
  readonly at: number
  /** Its `webhook-id`. */
  readonly id: string
  /** Its `x-genesys-source`. */
  readonly source: string
  /** What it said, once its signature was found to be right. */
  readonly event?: unknown
  /** Why its signature was found to be wrong. */
  readonly refused?: string
}

/** A message that was verified. */
export interface Message extends Got {
  readonly event: WebhookEvent
}

const PROGRAM = fileURLToPath(new URL("../programs/receiver.ts", import.meta.url))

const decodeEvent = Schema.decodeUnknownSync(WebhookEvent)

/** A receiver that may be killed and started again: under one address, with one secret, on one file. */
export class Receiver implements AsyncDisposable {
  readonly secret = `whsec_${randomBytes(32).toString("base64")}`
  readonly #file: string
  #port = 0
  #process: ChildProcess | undefined

  private constructor(file: string) {
    this.#file = file
  }

  static async start(file: string, answerAfterMs = 0): Promise<Receiver> {
    await (await open(file, "a")).close()
    const receiver = new Receiver(file)
    await receiver.start(answerAfterMs)
    return receiver
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}/hook`
  }

  /** Starts it, where it listened before; rejects where it ends before it listens. */
  async start(answerAfterMs = 0): Promise<void> {
    const task: ReceiverTask = {
      port: this.#port,
      secret: this.secret,
      file: this.#file,
      answerAfterMs
    }
    const child = spawn(
      process.execPath,
      [inject("programs")[PROGRAM] ?? PROGRAM, JSON.stringify(task)],
      {
        stdio: ["ignore", "pipe", "inherit"]
      }
    )
    this.#process = child
    const lines = createInterface(child.stdout)
    const [line] = await Promise.race([
      once(lines, "line"),
      once(child, "exit").then(([code]) => {
        throw new Error(`The receiver ended with ${code}.`)
      })
    ])
    this.#port = Number(/listens on (\d+)/.exec(String(line))?.[1])
  }

  async kill(): Promise<void> {
    const child = this.#process
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return
    const ended = once(child, "exit")
    child.kill("SIGKILL")
    await ended
  }

  /** All that it got, in the order in which it came; throws where a signature was wrong. */
  async messages(): Promise<ReadonlyArray<Message>> {
    const lines = (await readFile(this.#file, "utf8")).split("\n")
    // A line that is not ended is still being written.
    return lines.slice(0, -1).map((line) => {
      const got: Got = JSON.parse(line)
      if (got.refused !== undefined) throw new Error(`${got.id}: ${got.refused}`)
      return { ...got, event: decodeEvent(got.event) }
    })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill()
  }
}
