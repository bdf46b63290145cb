import {
  type AuditUnavailable,
  explainSeen,
  type GatewayError,
  isDialling,
  type TransitionPorts
} from "@campaignctl/core"
import { Effect, Stream } from "effect"
import type { PlannedItem } from "../domain/PlannedItem.ts"
import type { PlanQuery } from "../ports/Operations.ts"
import { countAgents } from "./agents.ts"
import { selectCampaigns } from "./select.ts"

/** Campaigns in one page of a plan: as many as in a page of the API's list. */
const PLAN_PAGE = 100

/** Thinks a fleet through: the same decisions from the same facts, and nothing written anywhere. */
export const plan = ({
  change,
  divisionIds,
  order,
  selector
}: PlanQuery): Stream.Stream<
  ReadonlyArray<PlannedItem>,
  GatewayError | AuditUnavailable,
  TransitionPorts
> =>
  Stream.unwrap(
    Effect.gen(function* () {
      const { campaigns, slots } = yield* selectCampaigns(selector, order, divisionIds)
      const agentsOf = yield* countAgents(
        change,
        campaigns.map(({ campaign }) => campaign)
      )
      // Each start that the plan allows takes one more of the organisation's places.
      const listed = slots?._tag === "SlotsCounted" ? slots.inUse : undefined
      let inUse = listed
      return Stream.fromIterable(campaigns.entries()).pipe(
        Stream.mapEffect(
          Effect.fnUntraced(function* ([index, seen]) {
            const capacity = yield* agentsOf(seen.campaign)
            const decision = yield* explainSeen(seen, {
              ...change,
              ...(capacity === undefined ? {} : { capacity }),
              ...(inUse === undefined || listed === undefined
                ? {}
                : { slots: { _tag: "SlotsCounted" as const, inUse, started: inUse - listed } })
            })
            if (
              inUse !== undefined &&
              decision.outcome === "allowed" &&
              change.target === "active" &&
              !isDialling(seen.state)
            )
              inUse += 1
            return {
              position: index + 1,
              campaignId: seen.campaign.id,
              name: seen.campaign.name,
              divisionId: seen.campaign.division?.id ?? null,
              state: seen.state,
              outcome: decision.outcome,
              verdicts: decision.verdicts
            } satisfies PlannedItem
          })
        ),
        Stream.rechunk(PLAN_PAGE),
        Stream.chunks
      )
    })
  )
