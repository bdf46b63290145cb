import { createInterface } from "node:readline"
import {
  CallingWindows,
  CampaignGateway,
  CurrentBudgetClass,
  parseWindow,
  settle
} from "@campaignctl/core"
import { layer as genesys } from "@campaignctl/genesys-cloud"
import { idsLive, layerSql } from "@campaignctl/ledger-sql"
import { layerPostgresClient } from "@campaignctl/ledger-sql/postgres"
import { Effect, Layer, Option, Redacted, References, Result, Stream } from "effect"
import { runMain } from "@effect/platform-node/NodeRuntime"
import {
  type EngineServices,
  type EnginePorts,
  layerCluster,
  layerSchedules,
  layerSqlBudget,
  Operations,
  Schedules,
  Transitions
} from "../../src/index.ts"
import { safeguards } from "../../src/safeguards.ts"
import type { MemberCommand, MemberSays, MemberTask } from "../support/members.ts"

/**
 * One process of a cluster: told by its parent, line by line, what to submit, to change and to read.
 * It ends with its parent, whose end closes its input.
 */
const lines = createInterface(process.stdin)[Symbol.asyncIterator]()
const nextLine = Effect.promise(() => lines.next())
const task: MemberTask = JSON.parse((await lines.next()).value ?? "")

/** Milliseconds until a read that the budget refused is tried again: soon, so that there is always somebody who waits. */
const READ_AGAIN_MS = 100

/** Milliseconds between looks whether anything is still carried on. */
const LOOK_AGAIN_MS = 200

const say = (message: MemberSays) => Effect.sync(() => console.log(JSON.stringify(message)))

const { apiUrl, clientId, clientSecret, loginUrl } = task.simulator
const database = layerPostgresClient({ url: Redacted.make(task.url) })
const budget = layerSqlBudget({ clientId, apiUrl }).pipe(Layer.provide(idsLive))
const ports = CallingWindows.always(Result.getOrThrow(parseWindow("00:00-24:00 UTC"))).pipe(
  Layer.provideMerge(
    genesys({
      contract: "platform",
      apiUrl,
      loginUrl,
      clientId,
      clientSecret: Redacted.make(clientSecret)
    })
  ),
  Layer.provideMerge(budget),
  Layer.provideMerge(layerSql("the database").pipe(Layer.provide(idsLive))),
  Layer.provideMerge(safeguards),
  Layer.provideMerge(database)
)
const { guard: supervision } = task
const cluster = layerCluster({
  host: "127.0.0.1",
  port: task.port,
  ...(supervision === null ? {} : { supervision })
}).pipe(Layer.provideMerge(layerSchedules().pipe(Layer.provide(idsLive))))

/** What each command does; none of them holds up the next. */
const obey = (
  command: MemberCommand
): Effect.Effect<void, { readonly message: string }, EngineServices | EnginePorts | Schedules> => {
  switch (command._tag) {
    case "Submit":
      return Effect.gen(function* () {
        const operations = yield* Operations
        yield* operations.submit(command.submission)
        const over = yield* Stream.runLast(operations.watch(command.submission.id))
        yield* say({ _tag: "Over", operation: Option.getOrThrow(over) })
      })
    case "Show":
      return Effect.gen(function* () {
        const operation = yield* (yield* Operations).get(command.id)
        yield* say({ _tag: "Shown", operation })
      })
    case "Change":
      return Effect.gen(function* () {
        const { run } = yield* Transitions
        const result = yield* Effect.result(run(command.request))
        const { requestId } = command.request
        yield* say({
          _tag: "Changed",
          requestId,
          result: Result.isSuccess(result) ? result.success._tag : result.failure._tag
        })
      })
    case "Schedule":
      return Effect.gen(function* () {
        const { draft, requestedBy } = command
        const { view } = yield* (yield* Schedules).add({ draft, requestedBy, source: "library" })
        yield* say({ _tag: "Scheduled", name: view.schedule.name })
      })
    case "Unschedule":
      return Effect.gen(function* () {
        const [operations, schedules] = [yield* Operations, yield* Schedules]
        const by = { requestedBy: "ada", source: "library" } as const
        for (const { schedule } of yield* schedules.list({}))
          yield* schedules.remove(schedule.id, by)
        while ((yield* operations.list({ statuses: ["pending", "running"] })).length > 0)
          yield* Effect.sleep(LOOK_AGAIN_MS)
        yield* say({ _tag: "Unscheduled" })
      })
    case "Load":
      return Effect.gen(function* () {
        const gateway = yield* CampaignGateway
        const read = gateway
          .get(command.campaignId)
          .pipe(Effect.catch(() => Effect.sleep(READ_AGAIN_MS)))
        yield* Effect.forEach(Array.from({ length: command.atOnce }), () => Effect.forever(read), {
          concurrency: "unbounded",
          discard: true
        }).pipe(Effect.provideService(CurrentBudgetClass, command.budgetClass))
      })
  }
}

const program = Effect.scoped(
  Effect.gen(function* () {
    yield* settle
    yield* say({ _tag: "Ready" })
    for (;;) {
      const line = yield* nextLine
      if (line.done === true) return
      const command: MemberCommand = JSON.parse(line.value)
      yield* Effect.forkScoped(
        obey(command).pipe(
          Effect.catch(({ message }) =>
            say({ _tag: "Failed", message: `${command._tag}: ${message}` })
          )
        )
      )
    }
  })
)

runMain(
  program.pipe(
    Effect.provide(cluster.pipe(Layer.provideMerge(ports))),
    Effect.catch(({ message }) => say({ _tag: "Failed", message })),
    // What is told of dying peers is what the test is about.
    Effect.provideService(References.MinimumLogLevel, "Error")
  )
)
