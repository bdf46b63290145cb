import { setTimeout as sleep } from "node:timers/promises"
import type { SimulatorState } from "../SimulatorState.ts"
import { refuse, errorBody } from "./ApiAnswer.ts"
import type { ApiAnswer } from "./ApiAnswer.ts"
import { ERROR_CATALOGUE } from "./ErrorCatalogue.ts"
import type { Fault, FaultEffect, FaultMoment } from "./Faults.ts"
import type { Token } from "./Tokens.ts"
import type { Delivery } from "./Transmission.ts"

const DEFAULT_RETRY_AFTER = "1"
const INTERNAL_ERROR = 500

const statusAnswer = (
  effect: FaultEffect & { kind: "status" },
  correlationId: string
): ApiAnswer => {
  const code = effect.code ?? "internal.server.error"
  const entry = ERROR_CATALOGUE[code]
  const status = effect.status ?? entry?.status ?? INTERNAL_ERROR
  const message = effect.message ?? entry?.message ?? code
  return {
    status,
    body: errorBody({ status, code, message }, correlationId),
    ...(effect.headers === undefined ? {} : { headers: effect.headers })
  }
}

/** The platform's own 429, with the wait that is given to it. */
export const rateLimitedAnswer = (retryAfter: string | null, correlationId: string): ApiAnswer => ({
  status: 429,
  body: errorBody(
    {
      status: 429,
      code: "too.many.requests.retry.after",
      message: `Rate limit exceeded the maximum. Retry the request in [${retryAfter ?? ""}] seconds`
    },
    correlationId
  ),
  ...(retryAfter === null ? {} : { headers: { "Retry-After": retryAfter } })
})

const retryAfterOf = (
  state: SimulatorState,
  effect: FaultEffect & { kind: "rateLimited" }
): string | null => {
  if (effect.retryAfterDateSeconds !== undefined) {
    return new Date(state.serverTime() + effect.retryAfterDateSeconds * 1000).toUTCString()
  }
  return effect.retryAfter === undefined ? DEFAULT_RETRY_AFTER : effect.retryAfter
}

const changeByOther = (
  state: SimulatorState,
  campaignId: string | null,
  effect: FaultEffect & { kind: "otherWriter" },
  correlationId: string
): void => {
  const campaign = campaignId === null ? undefined : state.world.campaigns.get(campaignId)
  if (campaign === undefined) return
  state.world.change(
    campaign,
    {
      ...(effect.status === undefined ? {} : { status: effect.status }),
      ...(effect.fields === undefined
        ? {}
        : { document: { ...campaign.document, ...effect.fields } })
    },
    { contract: "none", by: "control", via: "other-writer", correlationId }
  )
}

const momentOf = (effect: FaultEffect): FaultMoment =>
  "when" in effect ? (effect.when ?? "before") : "before"

export interface FaultScene {
  readonly state: SimulatorState
  readonly token: Token | undefined
  readonly campaignId: string | null
  readonly correlationId: string
}

/** What the faults of one moment make of a request: an answer of their own, or none. */
export const strike = async (
  scene: FaultScene,
  faults: ReadonlyArray<Fault>,
  moment: FaultMoment
): Promise<ApiAnswer | undefined> => {
  let answer: ApiAnswer | undefined
  for (const { request: effect } of faults) {
    if (momentOf(effect) !== moment) continue
    if (effect.kind === "latency") await sleep(effect.milliseconds, undefined, { ref: false })
    if (effect.kind === "otherWriter")
      changeByOther(scene.state, scene.campaignId, effect, scene.correlationId)
    if (effect.kind === "revokeToken" && scene.token !== undefined) {
      scene.state.tokens.revoke(scene.token)
      throw refuse("bad.credentials")
    }
    if (effect.kind === "status") answer = statusAnswer(effect, scene.correlationId)
    if (effect.kind === "rateLimited")
      answer = rateLimitedAnswer(retryAfterOf(scene.state, effect), scene.correlationId)
  }
  return answer
}

const DELIVERIES: Partial<Record<FaultEffect["kind"], Delivery>> = {
  resetBefore: "reset",
  resetAfter: "reset",
  truncateBody: "truncated",
  malformedJson: "malformed"
}

export const deliveryOf = (faults: ReadonlyArray<Fault>): Delivery =>
  faults
    .map((fault) => DELIVERIES[fault.request.kind])
    .find((delivery) => delivery !== undefined) ?? "whole"
