import type { AuditEntry } from "@campaignctl/core"
import type { EventType } from "../domain/EventType.ts"
import type { Subscription } from "../domain/Subscription.ts"

type Wish = Pick<Subscription, "eventTypes" | "filter" | "divisionIds">

/**
 * Whether a subscription is told of an event of an entry. What it may hear, by the divisions that it is
 * bound to, fails closed: where the division is not known it hears nothing. What it wishes to hear,
 * by its filter, lets through what is about no single campaign, unless that certainly concerns none
 * of those that it names.
 */
export const isToldOf = (wish: Wish, entry: AuditEntry, type: EventType): boolean =>
  (wish.eventTypes.length === 0 || wish.eventTypes.includes(type)) &&
  (wish.divisionIds === null || mayHear(wish.divisionIds, entry)) &&
  wishes(wish.filter, entry)

const isAboutMany = ({ kind }: AuditEntry): boolean =>
  kind === "halt-raised" || kind === "halt-lifted" || kind === "fleet-finished"

const mayHear = (bound: ReadonlyArray<string>, { divisionId, holdScope }: AuditEntry): boolean => {
  // A halt is heard of by those whose divisions it is about, and it is about no others.
  const divisions = divisionId === null ? (holdScope?.divisionIds ?? []) : [divisionId]
  return divisions.length > 0 && divisions.every((division) => bound.includes(division))
}

const wishes = ({ campaignIds, divisionIds }: Wish["filter"], entry: AuditEntry): boolean => {
  if (isAboutMany(entry))
    return (
      meet(divisionIds, entry.holdScope?.divisionIds) && meet(campaignIds, entry.holdScope?.ids)
    )
  const inDivision =
    divisionIds === undefined ||
    (entry.divisionId !== null && divisionIds.includes(entry.divisionId))
  const isNamed =
    campaignIds === undefined || campaignIds.some((campaignId) => campaignId === entry.campaignId)
  return inDivision && isNamed
}

const meet = (
  wanted: ReadonlyArray<string> | undefined,
  scope: ReadonlyArray<string> | undefined
): boolean =>
  wanted === undefined || scope === undefined || scope.some((one) => wanted.includes(one))
