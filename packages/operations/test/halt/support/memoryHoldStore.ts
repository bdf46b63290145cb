import { canonicalJson } from "@campaignctl/core"
import { Context, Effect, Layer } from "effect"
import { OperationsUnavailable } from "../../../src/domain/errors.ts"
import type { HoldRecord } from "../../../src/halt/holds/HoldRecord.ts"
import { HoldStore } from "../../../src/halt/holds/HoldStore.ts"

/** What a test may do to the holds in memory beside using them. */
export class MemoryHolds extends Context.Service<
  MemoryHolds,
  {
    /** Every operation fails with the sentence, until called with undefined. */
    readonly breakWith: (detail: string | undefined) => Effect.Effect<void>
  }
>()("@campaignctl/operations/MemoryHolds") {}

const NOT_LIFTED = { liftedBy: null, liftedAt: null, liftNote: null, liftedSequence: null }

/** Holds in this process's memory, for tests and for trying things out. Nothing is durable. */
export const memoryHoldStore: Layer.Layer<HoldStore | MemoryHolds> = Layer.effectContext(
  Effect.sync(() => {
    let held: ReadonlyArray<HoldRecord> = []
    let broken: string | undefined
    const use = <A>(work: () => A): Effect.Effect<A, OperationsUnavailable> =>
      Effect.suspend(() =>
        broken === undefined
          ? Effect.sync(work)
          : Effect.fail(new OperationsUnavailable({ detail: broken }))
      )
    const change = (id: string, with_: (hold: HoldRecord) => HoldRecord): void => {
      held = held.map((hold) => (hold.id === id ? with_(hold) : hold))
    }
    const store = HoldStore.of({
      raise: (hold) =>
        use(() => {
          const scope = canonicalJson(hold.scope)
          const joined = held.find(
            (other) =>
              other.liftedAt === null &&
              other.name === hold.name &&
              canonicalJson(other.scope) === scope
          )
          if (joined !== undefined) return joined
          const raised = { ...hold, ...NOT_LIFTED, raisedSequence: null }
          held = [raised, ...held]
          return raised
        }),
      recorded: (id, sequence) =>
        use(() =>
          change(id, (hold) => ({ ...hold, raisedSequence: hold.raisedSequence ?? sequence }))
        ),
      lift: (id, { liftedAt, liftedBy, note, sequence }) =>
        use(() =>
          change(id, (hold) =>
            hold.liftedAt === null
              ? { ...hold, liftedAt, liftedBy, liftNote: note, liftedSequence: sequence }
              : hold
          )
        ),
      list: ({ active, limit = Number.POSITIVE_INFINITY, name }) =>
        use(() =>
          held
            .filter(
              (hold) =>
                (name === undefined || hold.name === name) &&
                (active === undefined || active === (hold.liftedAt === null))
            )
            .slice(0, limit)
        )
    })
    const control = MemoryHolds.of({
      breakWith: (detail) => Effect.sync(() => void (broken = detail))
    })
    return Context.make(HoldStore, store).pipe(Context.add(MemoryHolds, control))
  })
)
