import {
  type Campaign,
  CampaignGateway,
  type CampaignId,
  type TransitionPorts
} from "@campaignctl/core"
import { Effect, Result, Stream } from "effect"
import type { FleetSpec } from "../domain/Operation.ts"
import type { Carrier } from "../engine/Carrier.ts"
import type { OperationBody } from "../engine/OperationBody.ts"
import type { Transitions } from "../ports/Transitions.ts"
import { awaitDrains } from "./awaitDrains.ts"
import { changeAll } from "./changeAll.ts"
import { endOf } from "./endOf.ts"
import { type Selection, selectCampaigns } from "./select.ts"
import { untilBudget } from "./untilBudget.ts"

/** A change of many campaigns: lists first, so that each change costs little more than one request. */
export const fleetBody: OperationBody<FleetSpec, TransitionPorts | Transitions> = {
  pausable: true,
  cancellable: true,
  run: Effect.fnUntraced(function* (spec, carrier) {
    const selection = yield* Effect.result(
      carrier.selected ? listPending(carrier) : selectNow(spec, carrier)
    )
    if (Result.isFailure(selection)) {
      const error = selection.failure
      if (error._tag === "Overtaken") return yield* error
      return {
        status: "failed" as const,
        detail: `The campaigns could not be listed. ${error.message}`,
        report: null
      }
    }
    const { campaigns, slots } = selection.success
    const stopped = yield* changeAll(carrier, {
      operation: carrier.operation,
      change: spec.change,
      concurrency: spec.concurrency,
      maxFailures: spec.maxFailures,
      seen: new Map(campaigns.map((campaign) => [campaign.id, campaign])),
      slots,
      ...(spec.drainDeadlineMs === undefined ? {} : { drainDeadlineMs: spec.drainDeadlineMs })
    })
    const drained = yield* awaitDrains(carrier)
    return yield* endOf(carrier, stopped === "done" ? drained : stopped)
  })
}

interface Listed {
  readonly campaigns: ReadonlyArray<Campaign>
  readonly slots: Selection["slots"]
}

const selectNow = Effect.fnUntraced(function* (spec: FleetSpec, carrier: Carrier) {
  const { divisionIds } = carrier.operation
  const { campaigns, missing, slots } = yield* untilBudget(
    selectCampaigns(spec.selector, spec.order, divisionIds ?? undefined)
  )
  yield* carrier.select(
    campaigns.map(({ campaign, state }) => ({
      campaignId: campaign.id,
      name: campaign.name,
      divisionId: campaign.division?.id ?? null,
      state
    })),
    missing
  )
  return { campaigns: campaigns.map(({ campaign }) => campaign), slots } satisfies Listed
})

/** What was selected by an earlier process and is not begun, listed again: a hundred with one request. */
const listPending = Effect.fnUntraced(function* (carrier: Carrier) {
  const gateway = yield* CampaignGateway
  const pending = yield* carrier.items(["pending"])
  const ids: ReadonlyArray<CampaignId> = pending.map(({ campaignId }) => campaignId)
  if (ids.length === 0) return { campaigns: [], slots: undefined } satisfies Listed
  const pages = yield* Effect.orElseSucceed(
    untilBudget(Stream.runCollect(gateway.list({ ids }))),
    () => []
  )
  // A list that fails costs a request for each campaign instead; the fleet goes on.
  return {
    campaigns: pages.flatMap(({ campaigns }) => campaigns),
    slots: undefined
  } satisfies Listed
})
