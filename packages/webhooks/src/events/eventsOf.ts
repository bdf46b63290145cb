import { type AuditEntry, type CampaignState, hasChanged, isViolation } from "@campaignctl/core"
import type { EventType } from "../domain/EventType.ts"
import { EVENT_SOURCE, type WebhookEvent } from "./WebhookEvent.ts"

/** Digits of a sequence as text: as many as the largest whole number has, so that text sorts as numbers do. */
const SEQUENCE_DIGITS = 16

/** States in which a campaign places no calls and has none left. */
const AT_REST: ReadonlySet<CampaignState> = new Set(["paused", "completed", "archived", "invalid"])

/** Tells whether an entry is an event of one type, and what there is to say. */
type Rule = (entry: AuditEntry) => WebhookEvent["data"] | undefined

/** The event types in the order in which those of one entry are told, each with its rule. */
const rules: Readonly<Record<EventType, Rule>> = {
  "campaign.drift.detected": (entry) =>
    entry.kind === "drift" && entry.currentState !== null
      ? { ...campaignPart(entry), state: entry.currentState }
      : undefined,
  "campaign.state.changed": (entry) => {
    const seen = seenIn(entry)
    return seen === undefined || seen.state === seen.previousState
      ? undefined
      : {
          ...campaignPart(entry),
          ...askedPart(entry),
          outcome: entry.outcome,
          ...seen,
          ...(entry.overtakenBy === undefined ? {} : { overtaken: true })
        }
  },
  "campaign.drained": (entry) => {
    const seen = seenIn(entry)
    return seen?.previousState === "draining" && AT_REST.has(seen.state)
      ? { ...campaignPart(entry), ...seen }
      : undefined
  },
  "campaign.transition.rejected": (entry) =>
    entry.kind === "rejection" || (entry.kind === "outcome" && entry.outcome === "rejected")
      ? {
          ...campaignPart(entry),
          ...askedPart(entry),
          previousState: entry.currentState,
          state: entry.currentState,
          violations: entry.verdicts
            .filter(isViolation)
            .map(({ detail, guard }) => ({ guard, detail })),
          errorCode: entry.errorCode
        }
      : undefined,
  "fleet.finished": (entry) =>
    entry.kind === "fleet-finished" && entry.fleet !== undefined
      ? { ...entry.fleet, ...recordedPart(entry) }
      : undefined,
  "halt.raised": (entry) =>
    entry.kind === "halt-raised"
      ? { ...haltPart(entry), pauseReason: entry.pauseReason }
      : undefined,
  "halt.lifted": (entry) => (entry.kind === "halt-lifted" ? haltPart(entry) : undefined)
}

/**
 * What other systems are told of an entry of the ledger: nothing for most, one event or two for some.
 * The same for the same entry whenever it is asked, ids included.
 */
export const eventsOf = (entry: AuditEntry): ReadonlyArray<WebhookEvent> =>
  Object.entries(rules).flatMap(([type, rule], order) => {
    const data = rule(entry)
    if (data === undefined) return []
    return [
      {
        specversion: "1.0",
        id: `${stableId(entry)}:${type}`,
        source: EVENT_SOURCE,
        type,
        subject: subjectOf(entry),
        time: entry.timestamp,
        datacontenttype: "application/json",
        sequence: sequenceOf(entry, order),
        data
      } as WebhookEvent // each rule makes the data of its own type, which the record cannot show
    ]
  })

const padded = (sequence: number): string => String(sequence).padStart(SEQUENCE_DIGITS, "0")

/** Sorts after all events of the entry before the one that overtook, and before those of that one. */
const BEFORE_THE_NEXT = "9"

/** Where the event has its place among all: that of its entry, unless another change overtook it. */
const sequenceOf = ({ overtakenBy, sequence }: AuditEntry, order: number): string =>
  overtakenBy === undefined
    ? `${padded(sequence)}.${order}`
    : `${padded(overtakenBy - 1)}.${BEFORE_THE_NEXT}.${padded(sequence)}.${order}`

/** A crash may have the end of a fleet written down twice; it ended once. */
const stableId = ({ fleet, id }: AuditEntry): string => fleet?.operationId ?? id

const subjectOf = ({ campaignId, campaignName, fleet, kind }: AuditEntry): string =>
  fleet?.operationId ?? (isHalt(kind) ? campaignName : campaignId)

const isHalt = (kind: AuditEntry["kind"]): boolean =>
  kind === "halt-raised" || kind === "halt-lifted"

/** The state that an entry brought a campaign to or saw it in, and the one before; undefined where it tells of none. */
const seenIn = (
  entry: AuditEntry
): { readonly previousState: CampaignState | null; readonly state: CampaignState } | undefined => {
  const { currentState, kind, previousState, stateAfter, targetState } = entry
  if (kind === "drift" || kind === "observed")
    return currentState === null
      ? undefined
      : { previousState: previousState ?? null, state: currentState }
  // Entries of earlier versions do not say what was seen; a change that succeeded showed its target.
  const state = stateAfter ?? targetState
  return hasChanged(entry) && state !== null ? { previousState: currentState, state } : undefined
}

const recordedPart = ({ id, requestedBy, sequence, source, traceId }: AuditEntry) => ({
  requestedBy,
  source,
  traceId,
  ledger: { entryId: id, sequence }
})

const campaignPart = (entry: AuditEntry) => ({
  campaign: { id: entry.campaignId, name: entry.campaignName, divisionId: entry.divisionId },
  previousState: entry.previousState ?? null,
  lock: { before: entry.lockBefore, after: entry.lockAfter },
  ...recordedPart(entry)
})

const askedPart = ({ pauseReason, targetState }: AuditEntry) => ({
  target: targetState,
  pauseReason
})

const haltPart = (entry: AuditEntry) => ({
  name: entry.campaignName,
  scope: entry.holdScope ?? {},
  ...recordedPart(entry)
})
