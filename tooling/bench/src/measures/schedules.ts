import { fork } from "node:child_process"
import { once } from "node:events"
import { idsLive } from "@campaignctl/ledger-sql"
import { layerSchedules, Schedules } from "@campaignctl/operations"
import { Array, Effect, Layer } from "effect"
import { SqlClient } from "effect/sql"
import type { Plan } from "../Plan.ts"
import { type Row, readable } from "../Row.ts"
import { temporaryLedger } from "../temporaryLedger.ts"

const WORKER = new URL("./schedulesWorker.ts", import.meta.url)
const BYTES_PER_MIB = 1024 * 1024
const MINUTES_PER_HOUR = 60

interface Memory {
  readonly heapUsed: number
  readonly rss: number
}

/** Daily stops that are not due while it is measured: in some hours from now, UTC. */
const draftOf = (index: number, hour: number) => ({
  name: `Schedule ${index}`,
  when: { cron: `${index % MINUTES_PER_HOUR} ${hour} * * *`, zone: "UTC" },
  selector: { namePattern: `Campaign ${index}` },
  change: { target: "paused", pauseReason: "OTHER" }
})

const HOURS_PER_DAY = 24
const HOURS_AHEAD = 12

/** Schedules in one transaction: each is told in the ledger too, which takes ever longer where all are in one. */
const AT_ONCE = 500

const fill = (schedules: number) =>
  Effect.gen(function* () {
    const sql = yield* SqlClient.SqlClient
    const { add } = yield* Schedules
    const hour = (new Date().getUTCHours() + HOURS_AHEAD) % HOURS_PER_DAY
    const drafts = Array.range(0, schedules - 1).map((index) => draftOf(index, hour))
    for (const some of Array.chunksOf(schedules === 0 ? [] : drafts, AT_ONCE))
      yield* sql.withTransaction(
        Effect.forEach(some, (draft) => add({ draft, requestedBy: "bench", source: "library" }), {
          discard: true
        })
      )
  })

const memoryWith = async (schedules: number): Promise<Memory> => {
  using ledger = temporaryLedger()
  const kept = layerSchedules().pipe(
    Layer.provide(idsLive),
    Layer.provideMerge(ledger.layerWithClient)
  )
  await Effect.runPromise(Effect.provide(fill(schedules), kept))
  const child = fork(WORKER, [ledger.filename], { execArgv: ["--expose-gc"] })
  const exit = once(child, "exit")
  const [memory] = (await once(child, "message")) as [Memory] // what the worker sends
  await exit
  return memory
}

/** The memory of a process with an engine, where schedules are pending and where there are none. */
export const measureSchedules = async (plan: Plan): Promise<Row> => {
  const none = await memoryWith(0)
  const many = await memoryWith(plan.pendingSchedules)
  const mib = (bytes: number) => readable(bytes / BYTES_PER_MIB)
  return {
    what: `memory with ${new Intl.NumberFormat("en").format(plan.pendingSchedules)} pending schedules`,
    figure: `${mib(many.rss)} MiB resident, ${mib(many.heapUsed)} MiB heap (with none: ${mib(none.rss)}, ${mib(none.heapUsed)})`,
    ratio: readable(many.rss / none.rss),
    n: 1,
    values: {
      rss: many.rss,
      heapUsed: many.heapUsed,
      rssWithNone: none.rss,
      heapUsedWithNone: none.heapUsed
    }
  }
}
