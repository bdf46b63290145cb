import { type AuditEntry, type CampaignState, tellsSight } from "@campaignctl/core"
import type { CampaignStatus, WriteEntry } from "@campaignctl/genesys-simulator"
import { assert } from "vitest"
import type { Message } from "../support/Receiver.ts"

/** What an entry of the ledger is told as, by the documentation's table and not by the product's rules. */
const typesOf = (entry: AuditEntry): ReadonlyArray<string> => {
  const { currentState: now, kind, outcome, previousState = null, stateAfter, success } = entry
  if (kind === "rejection" || outcome === "rejected") return ["campaign.transition.rejected"]
  if (kind === "outcome")
    return success && (outcome === "applied" || outcome === "recovered")
      ? typesOfChange(now, stateAfter ?? entry.targetState)
      : []
  if (kind === "drift") return ["campaign.drift.detected", ...typesOfChange(previousState, now)]
  return kind === "observed" ? typesOfChange(previousState, now) : []
}

const typesOfChange = (
  before: CampaignState | null,
  now: CampaignState | null
): ReadonlyArray<string> => {
  if (before === now) return []
  return before === "draining" && now !== "active"
    ? ["campaign.state.changed", "campaign.drained"]
    : ["campaign.state.changed"]
}

/** The ids of all that is to be told of the ledger. */
export const toldOf = (entries: ReadonlyArray<AuditEntry>): ReadonlySet<string> =>
  new Set(entries.flatMap((entry) => typesOf(entry).map((type) => `${entry.id}:${type}`)))

/** The states that Genesys' statuses stand for, of those that a campaign is brought to here. */
const STATES: Readonly<Record<CampaignStatus, CampaignState>> = {
  on: "active",
  stopping: "draining",
  forced_stopping: "draining",
  off: "paused",
  forced_off: "paused",
  complete: "completed",
  invalid: "invalid"
}

/** The state in which each campaign was said to be last. */
const lastStates = (messages: ReadonlyArray<Message>): ReadonlyMap<string, CampaignState> => {
  const last = new Map<string, readonly [sequence: string, state: CampaignState]>()
  for (const { event } of messages)
    if (event.type === "campaign.state.changed") {
      const before = last.get(event.subject)
      if (before === undefined || before[0] < event.sequence)
        last.set(event.subject, [event.sequence, event.data.state])
    }
  return new Map([...last].map(([id, [, state]]) => [id, state]))
}

/** Campaigns of which the receiver does not know in which state they are. */
export const notUpToDate = (
  messages: ReadonlyArray<Message>,
  campaigns: ReadonlyArray<{ readonly id: string; readonly status: CampaignStatus }>
): ReadonlyArray<string> => {
  const last = lastStates(messages)
  return campaigns.flatMap(({ id, status }) => {
    const told = last.get(id) ?? STATES[status]
    return told === STATES[status] ? [] : [`${id} is ${STATES[status]} and was said to be ${told}`]
  })
}

/** Campaigns whose messages did not come in the order in which things happened, repetitions left out. */
const outOfOrder = (messages: ReadonlyArray<Message>): ReadonlyArray<string> => {
  const last = new Map<string, string>()
  const seen = new Set<string>()
  return messages.flatMap(({ event, id }) => {
    if (seen.has(id)) return []
    seen.add(id)
    const before = last.get(event.subject)
    last.set(event.subject, event.sequence)
    return before !== undefined && event.sequence <= before
      ? [`${event.subject}: ${event.sequence} after ${before}`]
      : []
  })
}

/** Messages that say the same under another id, or another thing under the same. */
const renamed = (messages: ReadonlyArray<Message>): ReadonlyArray<string> => {
  const byPlace = Map.groupBy(messages, ({ event }) => event.sequence)
  const byId = Map.groupBy(messages, ({ id }) => id)
  const differ = (some: ReadonlyArray<Message>): boolean =>
    new Set(some.map(({ event, id }) => JSON.stringify([id, event]))).size > 1
  return [...byPlace, ...byId].flatMap(([name, some]) => (differ(some) ? [name] : []))
}

/** Sights that the ledger took although its newest word on the campaign was the same. */
const repeated = (entries: ReadonlyArray<AuditEntry>): ReadonlyArray<string> => {
  const newest = new Map<string, string>()
  return entries
    .filter(tellsSight)
    .flatMap(({ campaignId, currentState, id, kind, lockBefore }) => {
      const word = [kind, currentState, lockBefore].join()
      const before = newest.get(campaignId)
      newest.set(campaignId, word)
      return kind !== "outcome" && before === word ? [`${id}: ${word}`] : []
    })
}

/** The write of the simulator's own log after which a campaign was so; undefined where there was none. */
const writeOf = (
  writes: ReadonlyArray<WriteEntry>,
  campaignId: string,
  state: CampaignState | null,
  version: string | null
): WriteEntry | undefined =>
  writes.find(
    (write) =>
      write.campaignId === campaignId &&
      STATES[write.to] === state &&
      (version === null || String(write.versionAfter) === version)
  )

/**
 * Changes of state that were told of and never happened. Whose one was that is read back after a crash
 * nobody can know where two wanted the same at once, so that it is not asked here.
 */
const invented = (
  messages: ReadonlyArray<Message>,
  writes: ReadonlyArray<WriteEntry>
): ReadonlyArray<string> =>
  messages.flatMap(({ event, id }) => {
    if (event.type !== "campaign.state.changed") return []
    const { lock, outcome, state } = event.data
    // What was only seen has the lock under which it was seen, what was done the one that came of it.
    const version = outcome === null ? lock.before : lock.after
    const happened = writeOf(writes, event.subject, state, version) !== undefined
    return happened ? [] : [`${id}: ${state} under ${version}`]
  })

/** Changes of ours that were told of as somebody else's, other than those of which we were left in doubt. */
const blamed = (
  entries: ReadonlyArray<AuditEntry>,
  writes: ReadonlyArray<WriteEntry>
): ReadonlyArray<string> => {
  const inDoubt = new Set(
    entries.flatMap(({ campaignId, outcome }) =>
      outcome === "unknown" || outcome === "failed" ? [campaignId] : []
    )
  )
  return entries.flatMap(({ campaignId, currentState, id, kind, lockBefore }) => {
    if (kind !== "drift" || inDoubt.has(campaignId)) return []
    const write = writeOf(writes, campaignId, currentState, lockBefore)
    return write?.by === "api" ? [`${id}: ${currentState} under ${lockBefore}`] : []
  })
}

/** Checks everything that holds of what was told once all of it was told. */
export const check = (
  entries: ReadonlyArray<AuditEntry>,
  messages: ReadonlyArray<Message>,
  writes: ReadonlyArray<WriteEntry>
): void => {
  const delivered = entries.flatMap(({ delivery, kind, success }) =>
    kind === "delivery" && success ? [delivery?.eventId ?? ""] : []
  )
  assert.sameMembers([...new Set(messages.map(({ id }) => id))], [...toldOf(entries)])
  assert.sameMembers(delivered, [...toldOf(entries)], "each delivery is in the ledger once")
  assert.deepEqual(outOfOrder(messages), [])
  assert.deepEqual(renamed(messages), [])
  assert.deepEqual(repeated(entries), [])
  assert.deepEqual(invented(messages, writes), [])
  assert.deepEqual(blamed(entries, writes), [])
}
