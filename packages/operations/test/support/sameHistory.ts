import type { AuditEntry } from "@campaignctl/core"
import type { RequestEntry, WriteEntry } from "@campaignctl/genesys-simulator"
import { assert } from "vitest"

/** A change as the ledger tells it: an intent and what came of it. */
interface Told {
  readonly intent: AuditEntry
  readonly outcome: AuditEntry
}

/** Every intent that may have led to a write, in the order in which they were recorded. */
const toldOf = (entries: ReadonlyArray<AuditEntry>): ReadonlyArray<Told> => {
  const outcomes = new Map(
    entries.flatMap((entry) => (entry.intentId === null ? [] : [[entry.intentId, entry] as const]))
  )
  return entries
    .filter(({ kind }) => kind === "intent")
    .map((intent) => {
      const outcome = outcomes.get(intent.id)
      assert.isDefined(outcome, `the intent ${intent.sequence} has no outcome`)
      return { intent, outcome }
    })
    .toSorted((one, other) => one.intent.sequence - other.intent.sequence)
}

/**
 * Whether the ledger says of a change that it was written. Where the lock is as it was, nothing had to
 * be: whoever asks for a pause during a drain joins it.
 */
const wasWritten = ({ outcome: { lockAfter, lockBefore, outcome, success } }: Told): boolean =>
  success && (outcome === "applied" || outcome === "recovered") && lockAfter !== lockBefore

const isUnknown = ({ outcome }: Told): boolean => outcome.outcome === "unknown"

const isOf = ({ to, versionBefore }: WriteEntry, { intent, outcome }: Told): boolean =>
  outcome.lockBefore === String(versionBefore) &&
  (intent.targetState === "active") === (to === "on")

/**
 * What was written to one campaign is what the ledger says was, in the same order: each write is that
 * of one intent, each change that is said to be written is one write, and nothing is told of others.
 * Where the ledger says that nobody knows, either may be. Gives the number of those.
 */
export const checkSameHistory = (
  writes: ReadonlyArray<WriteEntry>,
  entries: ReadonlyArray<AuditEntry>
): number => {
  const told = toldOf(entries)
  const written = told.filter(wasWritten)
  const unknown = told.filter(isUnknown)
  const matched = writes.map((write) => {
    const one = written.find((change) => isOf(write, change))
    if (one !== undefined)
      assert.strictEqual(one.outcome.lockAfter, String(write.versionAfter), "the lock afterwards")
    const intent = (one ?? unknown.find((change) => isOf(write, change)))?.intent
    assert.isDefined(intent, `the ledger does not tell of ${JSON.stringify(write)}`)
    return intent
  })
  const order = matched.map(({ sequence }) => sequence)
  assert.deepStrictEqual(
    order,
    order.toSorted((one, other) => one - other),
    "the order of the writes"
  )
  assert.strictEqual(new Set(order).size, order.length, "two writes of one intent")
  for (const { intent } of written)
    assert.include(order, intent.sequence, `nothing was written for the intent ${intent.sequence}`)
  // A write of which nobody knew whose it was is seen later, and taken for somebody else's.
  const inDoubt = new Set(
    writes.flatMap((write) =>
      written.some((change) => isOf(write, change)) ? [] : [String(write.versionAfter)]
    )
  )
  for (const { kind, lockBefore, sequence } of entries)
    if (kind === "drift")
      assert.isTrue(
        inDoubt.has(String(lockBefore)),
        `the ledger says in ${sequence} that somebody else changed it, where nobody else was`
      )
  return unknown.length
}

/** No write to a campaign was sent while another had not taken effect. */
export const checkOneWriter = (
  requests: ReadonlyArray<RequestEntry>,
  writes: ReadonlyArray<WriteEntry>
): void => {
  const effects = new Map(writes.map((write) => [write.correlationId, write.time]))
  const sent = requests.filter(({ campaignId, method }) => campaignId !== null && method !== "GET")
  for (const ofOne of Map.groupBy(sent, ({ campaignId }) => campaignId).values())
    for (const [place, request] of ofOne.entries()) {
      const tookEffect = effects.get(ofOne[place - 1]?.correlationId)
      if (tookEffect !== undefined)
        assert.isAtLeast(
          Date.parse(request.time),
          Date.parse(tookEffect),
          `two writes to ${request.campaignId} at once`
        )
    }
}
