import { type Campaign, type Change, isKnownStatus, type TargetState } from "@campaignctl/core"
import { Predicate } from "effect"
import { digitsOf, exactNumber, fieldOf } from "../wire/json.ts"

/** Statuses in which a campaign has been told to stop, or has stopped: a pause has nothing to send. */
const STOPPED_OR_STOPPING: ReadonlySet<string> = new Set([
  "stopping",
  "forced_stopping",
  "off",
  "forced_off"
])

/** A status that we do not know may be one that dials. */
const offWhereItMayDial = (status: string): "off" | undefined =>
  status === "on" || !isKnownStatus(status) ? "off" : undefined

/**
 * The status to send for each target, or undefined where nothing needs sending.
 *
 * Genesys has no word for completed and archived, and refuses to turn off what is complete: a
 * campaign that does not dial is left as it is, and the ledger's disposition says the rest.
 */
const statusToSend: Readonly<Record<TargetState, (status: string) => "on" | "off" | undefined>> = {
  active: () => "on",
  paused: (status) => (STOPPED_OR_STOPPING.has(status) ? undefined : "off"),
  completed: offWhereItMayDial,
  archived: offWhereItMayDial
}

/** The body to PUT for a change, or undefined where nothing needs sending. */
export const bodyFor = (campaign: Campaign, change: Change): object | undefined => {
  const status = statusToSend[change.target](campaign.status)
  if (status === undefined) return undefined
  // Spread copies every own field as it is, in its order, those that no type knows included.
  const original = Predicate.isObject(campaign.original) ? campaign.original : {}
  return { ...original, campaignStatus: status, ...versionOf(campaign) }
}

/** The version is in the body already; it is written only where the lock is not the body's own. */
const versionOf = ({ lock, original }: Campaign): { readonly version?: unknown } =>
  digitsOf(fieldOf(original, "version")) === lock ? {} : { version: exactNumber(lock) ?? lock }

/** What a caller should know of a change that this contract cannot make as asked. */
export const warningsFor = (campaign: Campaign, change: Change): ReadonlyArray<string> =>
  change.target !== "active" && !change.drain && campaign.status === "on"
    ? ["The platform always lets running calls end; it has no abrupt stop."]
    : []
