import type { Json } from "@campaignctl/core"
import { Webhooks } from "@campaignctl/webhooks"
import { Effect, Option, Schema } from "effect"
import { once, type OnceWork } from "../idempotency/once.ts"
import { HttpProblem } from "../problems/HttpProblem.ts"
import type { ServiceError } from "../problems/problemAnswer.ts"
import type { TextAnswer } from "../routes/Answer.ts"
import type { Incoming, RouteServices } from "../routes/Route.ts"
import { v7 } from "uuid"

/** An app that mounts the routes without webhooks answers that there are none. */
export const webhooksPort: Effect.Effect<Webhooks["Service"], HttpProblem> = Effect.flatMap(
  Effect.serviceOption(Webhooks),
  Option.match({
    onSome: Effect.succeed,
    onNone: () => Effect.fail(new HttpProblem({ code: "WEBHOOKS_NOT_CONFIGURED" }))
  })
)

/** A path with the id of one subscription, or of one delivery. */
export const IdPath = Schema.Struct({
  id: Schema.String.check(Schema.isUUID()).annotate({ description: "Its id." })
})

/** The id as it is kept. */
export const idOf = ({ id }: typeof IdPath.Type): string => id.toLowerCase()

/** Does the work, once for each Idempotency-Key where there is one. */
export const keyed = (
  asked: Json,
  {
    perform,
    recover = () => Effect.undefined
  }: Pick<OnceWork, "perform"> & Partial<Pick<OnceWork, "recover">>,
  incoming: Incoming
): Effect.Effect<TextAnswer, ServiceError, RouteServices> => {
  const key = incoming.header("idempotency-key")
  return key === undefined ? perform(v7()) : once(key, asked, { perform, recover }, incoming)
}

export const KEY_PROBLEMS = ["IDEMPOTENCY_IN_PROGRESS", "IDEMPOTENCY_KEY_REUSED"] as const
