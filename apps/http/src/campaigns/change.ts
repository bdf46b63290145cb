import {
  type CampaignId,
  explain,
  type Explanation,
  isViolation,
  LockConflict,
  type LockToken,
  transition,
  type TransitionPorts,
  TransitionRejected,
  type TransitionRequest
} from "@campaignctl/core"
import { Transitions } from "@campaignctl/operations"
import { Effect, Option } from "effect"
import type { HttpProblem } from "../problems/HttpProblem.ts"
import type { ServiceError } from "../problems/problemAnswer.ts"
import { json, jsonAnswer, sharedText, type TextAnswer } from "../routes/Answer.ts"
import { malformed, type Incoming } from "../routes/Route.ts"
import { transitionDocument } from "./documents.ts"
import { conditionOf, etagOf } from "./etag.ts"
import type { TransitionBody, TransitionDocument } from "./schemas.ts"

/** What is asked of one campaign. */
export interface ChangeAsked {
  readonly id: CampaignId
  readonly body: TransitionBody
  /** By which the ledger's entries can be found again. */
  readonly requestId: string
  readonly ifMatch: string | undefined
}

type Writable<A> = { -readonly [Key in keyof A]: A[Key] }

/** Filled in step by step, as every document is: a spread for each member costs more. */
const requestOf = (
  { body, id, requestId }: ChangeAsked,
  { caller }: Incoming,
  expectedLock: LockToken | undefined
): TransitionRequest => {
  const request: Writable<TransitionRequest> = {
    campaignId: id,
    target: body.target,
    requestedBy: caller.requestedBy,
    source: "http",
    requestId
  }
  if (caller.divisionIds !== undefined) request.divisionIds = caller.divisionIds
  if (body.reason !== undefined) request.pauseReason = body.reason
  if (body.note !== undefined) request.note = body.note
  if (body.drain !== undefined) request.drain = body.drain
  if (body.override !== undefined) request.overrides = body.override
  if (body.restart !== undefined) request.restart = body.restart
  if (expectedLock !== undefined) request.expectedLock = expectedLock
  return request
}

/** Makes the change, or on a dry run tells what would come of it. */
export const change = (
  asked: ChangeAsked,
  incoming: Incoming
): Effect.Effect<TextAnswer, ServiceError | HttpProblem, TransitionPorts> => {
  const condition = asked.ifMatch === undefined ? undefined : conditionOf(asked.ifMatch)
  if (condition?._tag === "Malformed")
    return Effect.fail(malformed([{ key: "header.If-Match", expected: "one ETag, or *" }]))
  if (condition?._tag === "Never") return Effect.fail(new LockConflict({ campaignId: asked.id }))
  const lock = condition?._tag === "Lock" ? condition.lock : undefined
  const request = requestOf(asked, incoming, lock)
  return asked.body.dryRun === true ? wouldBe(request) : made(request)
}

/** Through the one writer of the campaign, where there is an engine; its lock alone guards it where there is none. */
const made = (request: TransitionRequest) =>
  Effect.flatMap(Effect.serviceOption(Transitions), (through) =>
    Effect.map(
      Option.isSome(through) ? through.value.run(request) : transition(request),
      (result) => json(transitionDocument(result), { etag: etagOf(result.lockAfter) })
    )
  )

const wouldBe = (request: TransitionRequest) =>
  Effect.flatMap(
    explain(request),
    (seen): Effect.Effect<TextAnswer, LockConflict | TransitionRejected> => {
      const { campaign, decision, state } = seen
      if (request.expectedLock !== undefined && request.expectedLock !== campaign.lock)
        return Effect.fail(new LockConflict({ campaignId: campaign.id }))
      if (decision.outcome === "rejected" && decision.verdicts.some(isViolation))
        return Effect.fail(
          new TransitionRejected({
            campaignId: campaign.id,
            campaignName: campaign.name,
            state,
            target: request.target,
            verdicts: decision.verdicts
          })
        )
      return Effect.succeed(jsonAnswer(dryRunText(seen, request), { etag: etagOf(campaign.lock) }))
    }
  )

type BeforeVerdicts = "campaignId" | "name" | "from" | "target" | "state" | "outcome" | "dryRun"

/** A `TransitionDocument`, written around its verdicts, which are most of it. */
const dryRunText = (
  { campaign, decision, state }: Explanation,
  { target }: TransitionRequest
): string => {
  const before: Pick<TransitionDocument, BeforeVerdicts> = {
    campaignId: campaign.id,
    name: campaign.name,
    from: state,
    target,
    state,
    outcome: decision.outcome === "already-there" ? "already-there" : "would-apply",
    dryRun: true
  }
  const after: Omit<TransitionDocument, BeforeVerdicts | "verdicts"> = {
    warnings: [],
    attempts: 0,
    latencyMs: 0,
    lockBefore: campaign.lock,
    lockAfter: campaign.lock,
    auditSequence: null
  }
  return `${JSON.stringify(before).slice(0, -1)},"verdicts":${sharedText(decision.verdicts)},${JSON.stringify(after).slice(1)}\n`
}
