import { type CampaignState, isNext } from "@campaignctl/core"
import type { Drift, GuardMemory } from "./GuardMemory.ts"
import type { Sight } from "./Sight.ts"

/** What a look tells of changes that were made elsewhere. */
export interface DriftFound {
  readonly baseline: GuardMemory["baseline"]
  readonly suspect: GuardMemory["suspect"]
  readonly drift: Drift | null
  /** What is certain with this look, and not in the ledger yet. */
  readonly fresh: Drift | null
}

/**
 * Tells a change that was made elsewhere from one that is only on its way into the ledger.
 *
 * What contradicts the ledger must do so twice, under the same word: a change of our own shows in
 * Genesys before its outcome is recorded. Edits between the looks do not matter, or who edits often would
 * hide it. A campaign that the ledger knows nothing of is compared with the look before.
 */
export const driftOf = (memory: GuardMemory, sight: Sight, now: number): DriftFound => {
  const { campaign, state, word } = sight
  const sequence = word?.sequence ?? 0
  const settled = memory.drift !== null && isSettled(memory.drift, sight)
  const drift = settled ? null : afterDrain(memory, sight)
  const told = toldElsewhere(memory, sight)
  if (told !== null)
    return {
      baseline: state,
      suspect: null,
      drift: { kind: kindOf(state), at: now, lock: campaign.lock, sequence: told },
      fresh: null
    }
  const differs = word === null ? flips(memory.baseline, state) : sight.contradicted
  if (!differs) return { baseline: state, suspect: null, drift, fresh: null }
  const { baseline, suspect } = memory
  if (suspect === null || suspect.sequence !== sequence)
    return { baseline, suspect: { sequence }, drift, fresh: null }
  const fresh: Drift = {
    kind: kindOf(state),
    at: now,
    lock: campaign.lock,
    sequence
  }
  return { baseline: state, suspect: null, drift: fresh, fresh }
}

/**
 * The drift under the lock that the campaign has now, where the calls of a stop have ended since: the
 * platform's own change from stopping to off may move the lock by one.
 */
const afterDrain = ({ baseline, drift }: GuardMemory, { campaign, state }: Sight): Drift | null =>
  drift?.kind === "stop" &&
  baseline === "draining" &&
  state !== "draining" &&
  isNext(drift.lock, campaign.lock)
    ? { ...drift, lock: campaign.lock }
    : drift

const kindOf = (state: CampaignState): Drift["kind"] => (state === "active" ? "start" : "stop")

/**
 * The ledger's word where it tells already of a change that was made since the look before: whoever
 * watches campaigns, or changes one, writes down what was done elsewhere before that. Null otherwise.
 */
const toldElsewhere = (
  { baseline, drift, suspect }: GuardMemory,
  { contradicted, state, word }: Sight
): number | null =>
  word?.kind === "drift" &&
  !contradicted &&
  word.sequence > (drift?.sequence ?? 0) &&
  (flips(baseline, state) || (suspect !== null && word.sequence > suspect.sequence))
    ? word.sequence
    : null

/** Whether campaignctl has changed the campaign since. */
const isSettled = (drift: Drift, { word }: Sight): boolean =>
  word !== null && word.kind === "outcome" && word.sequence > drift.sequence

/** Whether one dials and the other does not. A list that ran out by itself is nobody's change. */
const flips = (before: CampaignState | null, now: CampaignState): boolean =>
  before !== null &&
  (before === "active" ? now !== "active" && now !== "completed" : now === "active")
