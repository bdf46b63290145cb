import { fork } from "node:child_process"
import { once } from "node:events"
import { setTimeout as delay } from "node:timers/promises"
import { AuditLog } from "@campaignctl/core"
import { outcomeDraft } from "@campaignctl/core/testing"
import { idsLive } from "@campaignctl/ledger-sql"
import { deliver, eventsOf, layerWebhooks, parseAllowList, Webhooks } from "@campaignctl/webhooks"
import { Effect, Layer, ManagedRuntime, Redacted, Result, Stream } from "effect"
import { SqlClient } from "effect/sql"
import { Webhook } from "standardwebhooks"
import type { Plan } from "../Plan.ts"
import { type Row, readable } from "../Row.ts"
import { postAll } from "../signedPosts.ts"
import { interleaved, median, medianRatio, quantile } from "../stats.ts"
import { temporaryLedger } from "../temporaryLedger.ts"
import { untilSeen } from "../untilSeen.ts"
import type { Listening } from "./receiversWorker.ts"

const WORKER = new URL("./receiversWorker.ts", import.meta.url)
const RECEIVERS = 10
const MILLIS_PER_SECOND = 1_000
/** The ledger has not grown for so many milliseconds: what was delivered is recorded. */
const STILL_MS = 600
/** Milliseconds between two single changes: each meets the sender at another moment of its round. */
const SINGLES_EVERY_MS = 260
const SINGLES_SHIFT_MS = 37
const SINGLES_WITHIN_MS = 200
const P99 = 0.99

const allow = Result.getOrThrow(parseAllowList("127.0.0.1"))

const campaignOf = (n: number): string => `aaaaaaaa-aaaa-4aaa-8aaa-${String(n).padStart(12, "0")}`

/** A campaign that was paused, each time another one. */
const pausedDraft = (n: number) =>
  outcomeDraft(null, { campaignId: campaignOf(n), stateAfter: "paused" })

const receiving = async () => {
  const child = fork(WORKER, [String(RECEIVERS)])
  const [ports] = (await once(child, "message")) as [Listening] // what the worker sends first
  let expected = 0
  return {
    urls: ports.map((port) => `http://127.0.0.1:${port}/hook`),
    /** Ends when so many more messages were received. */
    more: async (messages: number): Promise<void> => {
      expected += messages
      const answer = once(child, "message")
      child.send(expected)
      await answer
    },
    [Symbol.asyncDispose]: async () => {
      const exit = once(child, "exit")
      child.disconnect()
      await exit
    }
  }
}

/**
 * How fast changes reach ten receivers over sockets: deliveries per second beside a bare loop of the
 * same signed requests, by turns, and how long one change waits from its commit to its request.
 */
export const measureWebhooks = async (plan: Plan): Promise<ReadonlyArray<Row>> => {
  await using receivers = await receiving()
  using file = temporaryLedger()
  const runtime = ManagedRuntime.make(
    layerWebhooks({ allow }).pipe(
      Layer.provideMerge(Layer.effectDiscard(Effect.forkScoped(deliver({ allow })))),
      Layer.provideMerge(Layer.merge(file.layerWithClient, idsLive))
    )
  )
  try {
    const keys = await runtime.runPromise(
      Webhooks.use(({ add }) =>
        Effect.forEach(receivers.urls, (url) =>
          Effect.map(
            add({ draft: { url }, requestedBy: "bench" }),
            ({ secret }) => new Webhook(Redacted.value(secret))
          )
        )
      )
    )
    const newest = () =>
      runtime.runPromise(
        AuditLog.use(({ query }) => Stream.runCollect(query({ newestFirst: true, limit: 1 })))
      )
    /** Waits until every delivery is recorded, which is not what is measured. */
    const still = () =>
      untilSeen(async () => {
        const before = (await newest())[0]?.sequence
        await delay(STILL_MS)
        return (await newest())[0]?.sequence === before ? true : undefined
      })
    /** Commits so many changes at once; gives the newest entry. */
    const changes = (count: number) =>
      runtime.runPromise(
        Effect.gen(function* () {
          const sql = yield* SqlClient.SqlClient
          const { append } = yield* AuditLog
          const numbers = Array.from({ length: count }, (_, n) => n)
          return yield* sql.withTransaction(Effect.forEach(numbers, (n) => append(pausedDraft(n))))
        })
      )
    const product = async (): Promise<number> => {
      await still()
      await changes(plan.webhookChanges)
      const began = performance.now()
      await receivers.more(plan.webhookChanges * RECEIVERS)
      return performance.now() - began
    }
    const [sample] = await changes(1)
    await receivers.more(RECEIVERS)
    const body = JSON.stringify(sample === undefined ? {} : eventsOf(sample)[0])
    const bare = async (): Promise<number> => {
      await still()
      const began = performance.now()
      await postAll(receivers.urls, body, keys, plan.webhookChanges)
      await receivers.more(plan.webhookChanges * RECEIVERS)
      return performance.now() - began
    }
    const millis = await interleaved({ product, bare }, { rounds: plan.webhookBatches, warmUp: 1 })

    await still()
    const committedAt = new Map<number, number>()
    for (let n = 0; n < plan.webhookSingles; n++) {
      await delay(SINGLES_EVERY_MS + ((n * SINGLES_SHIFT_MS) % SINGLES_WITHIN_MS))
      const [entry] = await changes(1)
      if (entry !== undefined) committedAt.set(entry.sequence, Date.now())
    }
    await receivers.more(plan.webhookSingles * RECEIVERS)
    await still()
    const waits = await runtime.runPromise(
      Effect.gen(function* () {
        const webhooks = yield* Webhooks
        const limit = plan.webhookSingles * RECEIVERS
        const ways = yield* Effect.forEach(
          yield* webhooks.deliveries({ limit }),
          ({ eventSequence, id }) =>
            Effect.map(webhooks.delivery(id), ({ attempts: [first] }) => {
              const committed = committedAt.get(eventSequence)
              return first === undefined || committed === undefined
                ? []
                : [Date.parse(first.at) - committed]
            })
        )
        return ways.flat()
      })
    )
    if (waits.length !== plan.webhookSingles * RECEIVERS)
      throw new Error(`${waits.length} deliveries are of single changes`)

    const rate = (sample: ReadonlyArray<number>): number =>
      ((plan.webhookChanges * RECEIVERS) / median(sample)) * MILLIS_PER_SECOND
    const [ours, theirs] = [rate(millis.product), rate(millis.bare)]
    const ratio = medianRatio(millis.bare, millis.product)
    const [p50, p99] = [median(waits), quantile(waits, P99)]
    return [
      {
        what: `webhooks delivered per second to ${RECEIVERS} receivers, SQLite`,
        figure: `${readable(ours)} (bare signed requests: ${readable(theirs)})`,
        ratio: readable(ratio),
        n: plan.webhookBatches,
        values: { ours, theirs, ratio }
      },
      {
        what: `from a change's commit to its webhooks' requests, ${RECEIVERS} receivers, SQLite`,
        figure: `p50 ${readable(p50)} ms, p99 ${readable(p99)} ms`,
        n: waits.length,
        values: { p50, p99 }
      }
    ]
  } finally {
    await runtime.dispose()
  }
}
