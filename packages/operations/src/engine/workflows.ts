import { Effect, Layer, Option } from "effect"
import { ShardingConfig } from "effect/cluster"
import { Workflow, type WorkflowEngine } from "effect/workflow"
import { OperationId, type OperationKind, OperationSpec } from "../domain/Operation.ts"
import type { OperationStore } from "../database/OperationStore.ts"
import type { BodyPorts } from "./bodies.ts"
import { carryOn } from "./carryOn.ts"

const workflowOf = (kind: OperationKind) =>
  Workflow.make(`campaignctl/${kind}`, {
    payload: { operationId: OperationId },
    idempotencyKey: ({ operationId }) => operationId
  })

type OperationWorkflow = ReturnType<typeof workflowOf>

const kinds: ReadonlyArray<OperationKind> = OperationSpec.members.map(
  ({ fields }) => fields._tag.schema.literal
)

/** One workflow for each kind of operation; an operation is one execution, found by its id. */
const workflows: ReadonlyMap<OperationKind, OperationWorkflow> = new Map(
  kinds.map((kind) => [kind, workflowOf(kind)])
)

/**
 * Has the engine carry an operation on, on whichever process owns it. Asked again it changes nothing:
 * an execution is made once. Where its storage does not answer, which it raises as a defect, whoever
 * looks for what was not begun asks again.
 */
export const begin = (
  id: OperationId,
  kind: OperationKind
): Effect.Effect<void, never, WorkflowEngine.WorkflowEngine> => {
  const workflow = workflows.get(kind)
  return workflow === undefined
    ? Effect.void
    : workflow.execute({ operationId: id }, { discard: true }).pipe(
        Effect.withTracerEnabled(false),
        Effect.asVoid,
        Effect.catchDefect((defect) =>
          Effect.logWarning("An operation could not be begun yet.", defect)
        )
      )
}

/** The workflows with what they do, for the engine of this process. */
export const layerWorkflows: Layer.Layer<
  never,
  never,
  WorkflowEngine.WorkflowEngine | ShardingConfig.ShardingConfig | OperationStore | BodyPorts
> = Layer.unwrap(
  Effect.map(ShardingConfig.ShardingConfig, ({ runnerAddress }) => {
    const runner = Option.match(runnerAddress, {
      onNone: () => "alone",
      onSome: ({ host, port }) => `${host}:${port}`
    })
    return [...workflows.values()]
      .map((workflow) => workflow.toLayer(({ operationId }) => carryOn(operationId, runner)))
      .reduce((all, layer) => Layer.merge(all, layer))
  })
)
