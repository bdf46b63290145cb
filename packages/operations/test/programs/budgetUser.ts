import { type BudgetClass, defaultBudgetPolicy, RequestBudget } from "@campaignctl/core"
import { idsLive, layerSqliteClient } from "@campaignctl/ledger-sql"
import { layerPostgresClient } from "@campaignctl/ledger-sql/postgres"
import { Effect, Layer, Redacted } from "effect"
import { layerSqlBudget } from "../../src/index.ts"

/** What the program is told, in its first argument, as JSON. */
export interface BudgetOrders {
  readonly database: string
  readonly windowMs: number
  readonly class: BudgetClass
  readonly requests: number
}

/** A request that it sends to its parent, and what that answers. */
export interface BudgetRequest {
  readonly id: number
  readonly class: BudgetClass
}
export interface BudgetAnswer {
  readonly id: number
  readonly used: number
  readonly allowed: number
  readonly resetsInMs: number
}

const orders: BudgetOrders = JSON.parse(process.argv[2] ?? "{}")
const answers = new Map<number, (answer: BudgetAnswer) => void>()
process.on("message", (answer: BudgetAnswer) => answers.get(answer.id)?.(answer))

const request = (id: number) =>
  Effect.promise(
    () =>
      new Promise<BudgetAnswer>((resolve) => {
        answers.set(id, resolve)
        const sent: BudgetRequest = { id, class: orders.class }
        process.send?.(sent)
      })
  )

const client = orders.database.startsWith("postgres:")
  ? layerPostgresClient({ url: Redacted.make(orders.database) })
  : layerSqliteClient({ filename: orders.database })

const AT_ONCE = 20
const PATIENCE_MS = 600_000
const LONGEST_MS = 5_000

const program = Effect.gen(function* () {
  const budget = yield* RequestBudget
  yield* Effect.forEach(
    Array.from({ length: orders.requests }, (_, id) => id),
    (id) =>
      budget.around(
        { class: orders.class, atOnce: false, patienceMs: PATIENCE_MS, longestMs: LONGEST_MS },
        request(id),
        ({ allowed, resetsInMs, used }) => ({ count: { allowed, resetsInMs, used } })
      ),
    { concurrency: AT_ONCE, discard: true }
  )
}).pipe(
  Effect.provide(
    layerSqlBudget({
      clientId: "client",
      apiUrl: "https://api.example",
      policy: { ...defaultBudgetPolicy, windowMs: orders.windowMs }
    }).pipe(Layer.provide(idsLive), Layer.provide(client))
  )
)

await Effect.runPromise(program)
process.disconnect()
