import { type ChildProcess, fork } from "node:child_process"
import { once } from "node:events"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { freshDatabase } from "@campaignctl/postgres-server/fresh"
import { afterAll, afterEach, describe, expect, it } from "vitest"
import type { BudgetAnswer, BudgetOrders, BudgetRequest } from "../programs/budgetUser.ts"

/** A minute of the server, made short. */
const WINDOW_MS = 1_500
const ALLOWED = 45
const REQUESTS = 45
const PROGRAM = join(import.meta.dirname, "../programs/budgetUser.ts")
const CLASSES = ["fleet", "operator", "guard"] as const

const directory = mkdtempSync(join(tmpdir(), "campaignctl-budget-"))
const children: Array<ChildProcess> = []
afterAll(() => rmSync(directory, { recursive: true, force: true }))
afterEach(() => {
  for (const child of children.splice(0)) child.kill("SIGKILL")
})

/** A server with a fixed window and a log, which answers over the channel to each process. */
class Server {
  readonly log: Array<number> = []
  readonly answered = new Map<ChildProcess, number>()
  #endsAt = 0
  #used = 0

  serve(child: ChildProcess): void {
    child.on("message", ({ id }: BudgetRequest) => {
      const now = performance.now()
      this.log.push(now)
      if (now >= this.#endsAt) {
        this.#endsAt = now + WINDOW_MS
        this.#used = 0
      }
      this.#used += 1
      this.answered.set(child, (this.answered.get(child) ?? 0) + 1)
      const resetsInMs = this.#endsAt - now
      const answer: BudgetAnswer = { id, used: this.#used, allowed: ALLOWED, resetsInMs }
      if (child.connected) child.send(answer, () => {})
    })
  }

  mostInAWindow(): number {
    const counts = this.log.map(
      (last, index) => this.log.slice(0, index + 1).filter((at) => at > last - WINDOW_MS).length
    )
    return Math.max(...counts)
  }
}

const start = (database: string, server: Server, budgetClass: BudgetOrders["class"]) => {
  const orders: BudgetOrders = {
    database,
    windowMs: WINDOW_MS,
    class: budgetClass,
    requests: REQUESTS
  }
  const child = fork(PROGRAM, [JSON.stringify(orders)], {
    stdio: ["ignore", "ignore", "inherit", "ipc"]
  })
  children.push(child)
  server.serve(child)
  return child
}

const databases: ReadonlyArray<readonly [string, () => Promise<string>]> = [
  ["SQLite", async () => join(directory, "budget.sqlite")],
  ["PostgreSQL", freshDatabase]
]

describe.each(databases)("three processes on one %s", (_, database) => {
  it("stay under what the server allows all together, one of them killed on the way", async () => {
    const place = await database()
    const server = new Server()
    const [killed, ...others] = CLASSES.map((budgetClass) => start(place, server, budgetClass))
    killed?.on("message", () => {
      if ((server.answered.get(killed) ?? 0) === 10) killed.kill("SIGKILL")
    })
    const ends = others.map((child) => once(child, "exit"))
    expect(await Promise.all(ends)).toEqual([
      [0, null],
      [0, null]
    ])
    for (const child of others) expect(server.answered.get(child)).toBe(REQUESTS)
    expect(server.mostInAWindow()).toBeLessThanOrEqual(ALLOWED)
  })
})
