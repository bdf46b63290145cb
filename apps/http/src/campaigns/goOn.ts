import { type CampaignId, LockConflict } from "@campaignctl/core"
import { Operations } from "@campaignctl/operations"
import { Effect, Option } from "effect"
import { operationChange } from "../operations/change.ts"
import { submitted } from "../operations/submit.ts"
import type { ServiceError } from "../problems/problemAnswer.ts"
import type { TextAnswer } from "../routes/Answer.ts"
import { asJson } from "../routes/asJson.ts"
import { type Incoming, malformed, type RouteServices } from "../routes/Route.ts"
import { conditionOf } from "./etag.ts"
import type { TransitionBody } from "./schemas.ts"

/** RFC 7240's preference, among others or alone. */
const RESPOND_ASYNC = /(?:^|,)\s*respond-async\s*(?:[,;]|$)/i

export const prefersAsync = ({ header }: Incoming): boolean =>
  RESPOND_ASYNC.test(header("prefer") ?? "")

/** What is asked of one campaign, by an operation that goes on. */
interface Asked {
  readonly id: CampaignId
  readonly body: TransitionBody
  readonly ifMatch: string | undefined
}

type Answering = Effect.Effect<TextAnswer, ServiceError, RouteServices>

/**
 * Goes on with the change as an operation, or makes it at once where there is no engine: a preference
 * that cannot be heeded is no reason to refuse. A wait for the drain can be had of an engine alone.
 */
export const goOn = (asked: Asked, incoming: Incoming, atOnce: () => Answering): Answering =>
  Effect.flatMap(Effect.serviceOption(Operations), (engine) =>
    Option.isNone(engine) && asked.body.drainDeadlineMs === undefined
      ? atOnce()
      : asOperation(asked, incoming)
  )

/** Makes the change as a durable operation, which waits for the drain where that is asked for. */
const asOperation = ({ body, id, ifMatch }: Asked, incoming: Incoming): Answering => {
  const condition = ifMatch === undefined ? undefined : conditionOf(ifMatch)
  if (condition?._tag === "Malformed")
    return Effect.fail(malformed([{ key: "header.If-Match", expected: "one ETag, or *" }]))
  if (condition?._tag === "Never") return Effect.fail(new LockConflict({ campaignId: id }))
  const { drainDeadlineMs } = body
  return submitted(
    {
      spec: {
        _tag: "Transition",
        campaignId: id,
        change: operationChange(body),
        ...(condition?._tag === "Lock" ? { expectedLock: condition.lock } : {}),
        ...(drainDeadlineMs === undefined ? {} : { drainDeadlineMs })
      },
      fingerprint: {
        method: "POST",
        path: `/v1/campaigns/${id}/transitions`,
        ifMatch: ifMatch ?? null,
        goesOn: true,
        body: asJson(body)
      },
      headers: prefersAsync(incoming) ? { "preference-applied": "respond-async" } : {}
    },
    incoming
  )
}
