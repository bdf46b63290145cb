import { CampaignNotFound, getState, isInDivisions, type TransitionPorts } from "@campaignctl/core"
import { Effect, Result } from "effect"
import type { TransitionSpec } from "../domain/Operation.ts"
import type { OperationBody } from "../engine/OperationBody.ts"
import type { Transitions } from "../ports/Transitions.ts"
import { awaitDrains } from "./awaitDrains.ts"
import { changeAll } from "./changeAll.ts"
import { endOf } from "./endOf.ts"
import { untilBudget } from "./untilBudget.ts"

/** A change of one campaign, and the wait for its calls to end. */
export const transitionBody: OperationBody<TransitionSpec, TransitionPorts | Transitions> = {
  pausable: "it is one change, which is made or not.",
  cancellable: true,
  run: Effect.fnUntraced(function* (spec, carrier) {
    const { operation } = carrier
    const found = yield* Effect.result(
      carrier.selected ? Effect.undefined : untilBudget(getState(spec.campaignId))
    )
    if (Result.isFailure(found))
      return { status: "failed" as const, detail: found.failure.message, report: null }
    const seen = found.success
    if (seen !== undefined) {
      if (!isInDivisions(operation.divisionIds ?? undefined, seen.campaign))
        return {
          status: "failed" as const,
          // To the letter as where there is none: whether there is one is not the caller's to know.
          detail: new CampaignNotFound({ campaignId: spec.campaignId }).message,
          report: null
        }
      yield* carrier.select([
        {
          campaignId: seen.campaign.id,
          name: seen.campaign.name,
          divisionId: seen.campaign.division?.id ?? null,
          state: seen.state
        }
      ])
    }
    const stopped = yield* changeAll(carrier, {
      operation,
      change: spec.change,
      concurrency: 1,
      maxFailures: null,
      seen: new Map(seen === undefined ? [] : [[seen.campaign.id, seen.campaign]]),
      slots: undefined,
      ...(spec.expectedLock === undefined ? {} : { expectedLock: spec.expectedLock }),
      ...(spec.drainDeadlineMs === undefined ? {} : { drainDeadlineMs: spec.drainDeadlineMs })
    })
    const drained = yield* awaitDrains(carrier)
    return yield* endOf(carrier, stopped === "done" ? drained : stopped)
  })
}
