import { Ids, type TransitionPorts } from "@campaignctl/core"
import { GatewayWorld, memoryGateway } from "@campaignctl/core/testing"
import { idsLive } from "@campaignctl/ledger-sql"
import {
  type EngineServices,
  layerSingle,
  OperationId,
  Operations,
  Transitions
} from "@campaignctl/operations"
import { Effect, Layer, ManagedRuntime, Stream } from "effect"
import type { Plan } from "../Plan.ts"
import { alwaysOpen, change, changeRequest, plentyOfAgents } from "../product.ts"
import { type Row, readable } from "../Row.ts"
import { interleaved, quantile, timed } from "../stats.ts"
import { temporaryLedger } from "../temporaryLedger.ts"

const HIGH = 0.99

type Contender = "direct" | "writer" | "operation"
type Target = "active" | "paused"
type Services = EngineServices | TransitionPorts | Ids

const rowOf = (
  what: string,
  durable: ReadonlyArray<number>,
  direct: ReadonlyArray<number>
): Row => {
  const [p50, p99, directP50, directP99] = [
    quantile(durable, 0.5),
    quantile(durable, HIGH),
    quantile(direct, 0.5),
    quantile(direct, HIGH)
  ]
  return {
    what,
    figure: `p50 ${readable(p50)} ms, p99 ${readable(p99)} ms (directly: ${readable(directP50)}, ${readable(directP99)})`,
    ratio: `${readable(p50 / directP50)}, ${readable(p99 / directP99)}`,
    n: durable.length,
    values: { p50, p99, directP50, directP99 }
  }
}

/**
 * How long one transition takes that survives its process, beside the same one run directly, by
 * turns in one process: ports in memory, ledger and engine in one SQLite file.
 */
export const measureDurable = async (plan: Plan): Promise<ReadonlyArray<Row>> => {
  using file = temporaryLedger()
  const ports = Layer.mergeAll(memoryGateway, plentyOfAgents, alwaysOpen, idsLive)
  const runtime = ManagedRuntime.make(
    layerSingle({ filename: file.filename }).pipe(
      Layer.provideMerge(Layer.merge(ports, file.layerWithClient))
    )
  )
  /** Milliseconds from submission to end by the operations' own record: without the watcher's next look. */
  const recorded: Array<number> = []
  try {
    const contender = async (name: Contender) => {
      const campaignId = await runtime.runPromise(
        Effect.flatMap(GatewayWorld, (world) => world.addCampaign({ name, state: "active" }))
      )
      const operation = (target: Target) =>
        Effect.gen(function* () {
          const { get, submit, watch } = yield* Operations
          const id = OperationId.make(yield* (yield* Ids).next)
          const { requestedBy, source, campaignId: _, ...asked } = changeRequest(campaignId, target)
          const spec = { _tag: "Transition", campaignId, change: asked } as const
          yield* submit({ id, spec, requestedBy, source })
          yield* Stream.runDrain(watch(id))
          const { finishedAt, status, submittedAt } = yield* get(id)
          if (status !== "succeeded" || finishedAt === null)
            return yield* Effect.die(`the operation: ${status}`)
          recorded.push(Date.parse(finishedAt) - Date.parse(submittedAt))
        })
      const applied = ({ _tag }: { readonly _tag: string }) =>
        _tag === "Applied" ? Effect.void : Effect.die(_tag)
      const ways: Record<Contender, (target: Target) => Effect.Effect<void, unknown, Services>> = {
        direct: (target: Target) => Effect.flatMap(change(campaignId, target), applied),
        writer: (target: Target) =>
          Effect.flatMap(Transitions, ({ run }) =>
            Effect.flatMap(run(changeRequest(campaignId, target)), applied)
          ),
        operation
      }
      let made = 0
      return () =>
        timed(() => runtime.runPromise(ways[name](made++ % 2 === 0 ? "paused" : "active")))
    }
    const samples = await interleaved(
      {
        direct: await contender("direct"),
        writer: await contender("writer"),
        operation: await contender("operation")
      },
      { rounds: plan.durableRounds, warmUp: plan.durableWarmUp }
    )
    return [
      rowOf("a transition through its campaign's writer, SQLite", samples.writer, samples.direct),
      rowOf(
        "a transition as an operation, submitted to ended, SQLite",
        recorded.slice(plan.durableWarmUp),
        samples.direct
      ),
      rowOf(
        "a transition as an operation, watched to its end, SQLite",
        samples.operation,
        samples.direct
      )
    ]
  } finally {
    await runtime.dispose()
  }
}
