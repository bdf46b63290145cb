import {
  type AuditEntry,
  type Campaign,
  type CampaignState,
  isKnownStatus,
  isOlder,
  observationOf
} from "@campaignctl/core"
import type { Kept } from "./Kept.ts"

/** What a sight of a campaign amounts to. */
export type Judged =
  /** Nothing that the ledger does not know. */
  | { readonly _tag: "Known" }
  /** Neither a start nor a stop, and nobody asked for it just then: a drain has ended, a list ran out. */
  | { readonly _tag: "Observed"; readonly previousState: CampaignState }
  /** Somebody has started or stopped it, and it does not show yet that it was one of us. */
  | { readonly _tag: "Suspect"; readonly previousState: CampaignState | undefined }

/** The judgement with the state that the campaign is in, by what shows and what the ledger remembers. */
export interface Judgement {
  readonly judged: Judged
  readonly state: CampaignState
  /** The sequence of the ledger's newest word; 0 for none. */
  readonly toldIn: number
}

/** The state that an entry brought its campaign to, or saw it in. */
const toldState = ({
  currentState,
  kind,
  stateAfter,
  targetState
}: AuditEntry): CampaignState | null =>
  kind === "outcome" ? (stateAfter ?? targetState) : currentState

/**
 * Judges what a campaign shows by what was told of it before, and by the ledger's newest word on it. A
 * campaign that is seen for the first time, and of which the ledger knows nothing, is as it is.
 */
export const judge = (
  before: Pick<Kept, "state" | "toldIn"> | undefined,
  campaign: Campaign,
  word: AuditEntry | undefined
): Judgement => {
  const { drifted, state, toldIn } = observationOf(campaign, word)
  // Newer word than the one before: what it says was the state until now.
  const told = word !== undefined && toldIn > (before?.toldIn ?? 0) ? toldState(word) : null
  const previous = told ?? before?.state
  const known = (judged: Judged): Judgement => ({ judged, state, toldIn })
  // The change that the ledger tells of has not been heard of yet: what shows is what was before it.
  if (word !== undefined && isOlder(campaign.lock, word.lockAfter ?? word.lockBefore ?? ""))
    return { judged: { _tag: "Known" }, state: previous ?? state, toldIn }
  if (drifted || (previous !== undefined && flips(previous, state)))
    return known({ _tag: "Suspect", previousState: previous })
  return known(
    previous !== undefined && isKnownStatus(campaign.status) && previous !== state
      ? { _tag: "Observed", previousState: previous }
      : { _tag: "Known" }
  )
}

/** Whether one dials and the other does not. A list that ran out is nobody's change, and a drain that ended neither. */
const flips = (before: CampaignState, now: CampaignState): boolean =>
  before === "active" ? now !== "active" && now !== "completed" : now === "active"
