import type { Json } from "@campaignctl/core"
import {
  type Operation,
  OperationId,
  type OperationSpec,
  type OperationsUnavailable
} from "@campaignctl/operations"
import { Effect } from "effect"
import { v7 } from "uuid"
import { boundTo } from "../callers/Caller.ts"
import { once } from "../idempotency/once.ts"
import type { ServiceError } from "../problems/problemAnswer.ts"
import { json, type TextAnswer } from "../routes/Answer.ts"
import type { Incoming, RouteServices, Success } from "../routes/Route.ts"
import { operationDocument, undurableDocument } from "./documents.ts"
import { operationsPort } from "./ports.ts"
import { OperationDocument } from "./schemas.ts"

/** How an operation that goes on is answered, for the description. */
export const ACCEPTED: Success = {
  status: 202,
  description: "The operation is durable, and goes on whatever becomes of this process.",
  mediaTypes: { "application/json": OperationDocument },
  headers: {
    Location: "Where the operation is looked at.",
    "Idempotency-Replayed": "`true` where the answer is that of an earlier request."
  }
}

export const KEY_HEADER = {
  name: "Idempotency-Key",
  description:
    "1 to 255 visible characters. The same request with the same key is done once, and answered the same for 24 hours."
} as const

/** What is to be submitted. */
export interface Asked {
  readonly spec: OperationSpec
  /** What makes two requests of one key the same. */
  readonly fingerprint: Json
  /** Headers of the answer beside the usual ones. */
  readonly headers?: Readonly<Record<string, string>>
  /** What must hold before it is submitted. */
  readonly check?: Effect.Effect<void, ServiceError, RouteServices>
  /** Told as soon as it is durable, with the answer. */
  readonly accepted?: (answer: TextAnswer) => Effect.Effect<void>
}

/** How an operation that goes on is answered. */
export const operationAnswer = (
  operation: Operation,
  { deployment }: Incoming,
  {
    durable = true,
    headers = {}
  }: { readonly durable?: boolean; readonly headers?: Readonly<Record<string, string>> } = {}
): TextAnswer => ({
  ...json(durable ? operationDocument(operation) : undurableDocument(operation), {
    location: `${deployment.base}/v1/operations/${operation.id}`,
    ...headers
  }),
  status: 202
})

/**
 * Submits an operation and answers with it. With an Idempotency-Key the operation has the id that was
 * kept with the key: whoever asks again, after whatever crash, gets the operation that there is.
 */
export const submitted = Effect.fnUntraced(function* (
  { accepted = () => Effect.void, check = Effect.void, fingerprint, headers = {}, spec }: Asked,
  incoming: Incoming
): Effect.fn.Return<TextAnswer, ServiceError, RouteServices> {
  const operations = yield* operationsPort
  const { caller, header } = incoming
  const submit = (id: string): Effect.Effect<Operation, OperationsUnavailable> =>
    operations.submit({
      id: OperationId.make(id),
      spec,
      requestedBy: caller.requestedBy,
      source: "http",
      ...boundTo(caller)
    })
  const perform = (id: string) =>
    Effect.andThen(
      check,
      Effect.tap(
        Effect.map(submit(id), (operation) => operationAnswer(operation, incoming, { headers })),
        (answer) => accepted(answer)
      )
    )
  const recover = (id: string) =>
    operations.get(OperationId.make(id)).pipe(
      Effect.map((operation) => operationAnswer(operation, incoming, { headers })),
      Effect.catchTag("OperationNotFound", () => Effect.undefined)
    )
  const key = header("idempotency-key")
  return key === undefined
    ? yield* perform(v7())
    : yield* once(key, fingerprint, { perform, recover }, incoming)
})
