import {
  Cluster,
  Guard,
  HoldStore,
  mayBeSeenBy,
  type Operation,
  type OperationId,
  OperationNotFound,
  Operations,
  type OperationsUnavailable,
  PolicyStore,
  Schedules,
  WatchStore
} from "@campaignctl/operations"
import { type Context, Effect, Option } from "effect"
import type { Caller } from "../callers/Caller.ts"
import { HttpProblem } from "../problems/HttpProblem.ts"

/**
 * A service that only a deployment with an engine has. An app that mounts the routes without one
 * answers that there are no operations.
 */
const ofEngine = <I, S>(key: Context.Key<I, S>): Effect.Effect<S, HttpProblem> =>
  Effect.flatMap(
    Effect.serviceOption(key),
    Option.match({
      onSome: Effect.succeed,
      onNone: () => Effect.fail(new HttpProblem({ code: "OPERATIONS_NOT_CONFIGURED" }))
    })
  )

export const operationsPort = ofEngine(Operations)
export const guardPort = ofEngine(Guard)
export const clusterPort = ofEngine(Cluster)
export const holdsPort = ofEngine(HoldStore)
export const policiesPort: Effect.Effect<PolicyStore["Service"], HttpProblem> =
  ofEngine(PolicyStore)
export const watchPort = ofEngine(WatchStore)
export const schedulesPort: Effect.Effect<Schedules["Service"], HttpProblem> = ofEngine(Schedules)

/** An operation that the caller may know of; to them there is no other. */
export const visibleOperation = Effect.fnUntraced(function* (
  id: OperationId,
  { divisionIds }: Caller
): Effect.fn.Return<Operation, OperationNotFound | OperationsUnavailable | HttpProblem> {
  const operation = yield* (yield* operationsPort).get(id)
  return mayBeSeenBy(divisionIds)(operation)
    ? operation
    : yield* new OperationNotFound({ operationId: id })
})
