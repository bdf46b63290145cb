import {
  accountFor,
  type AuditDraft,
  type AuditEntry,
  AuditLog,
  type AuditUnavailable,
  type Campaign,
  type CampaignGateway,
  type CampaignState,
  type GatewayError,
  isOlder,
  observe,
  seenState,
  Settings
} from "@campaignctl/core"
import { Effect } from "effect"
import { judge } from "./judge.ts"

/** Who tells of it, as the audit records it. */
const WATCH = "watch"

interface Sight {
  readonly kind: "drift" | "observed"
  readonly state: CampaignState
  readonly previousState: CampaignState | undefined
}

const draftOf = (
  campaign: Campaign,
  { kind, previousState, state }: Sight,
  governanceLevel: string
): AuditDraft => ({
  campaignId: campaign.id,
  campaignName: campaign.name,
  divisionId: campaign.division?.id ?? null,
  currentState: state,
  targetState: null,
  pauseReason: null,
  note: null,
  requestedBy: WATCH,
  source: "watch",
  kind,
  outcome: null,
  success: true,
  attempts: 0,
  latencyMs: 0,
  verdicts: [],
  lockBefore: campaign.lock,
  lockAfter: null,
  errorCode: null,
  errorDetails: null,
  traceId: null,
  requestId: null,
  governanceLevel,
  intentId: null,
  ...(previousState === undefined ? {} : { previousState })
})

/** Writes down what a campaign has come to. Told already, it is not told again. */
export const tell = Effect.fnUntraced(function* (campaign: Campaign, sight: Sight) {
  const ledger = yield* AuditLog
  const { governanceLevel } = yield* Settings
  return yield* ledger.append(draftOf(campaign, sight, governanceLevel))
})

/**
 * What came of a suspicion.
 *
 * - `Told`: it was somebody else, and the ledger says so now
 * - `UnderWay`: one of us is changing the campaign, so that it is to be judged again soon
 * - `Stale`: Genesys has shown it as it was before it was seen, so that it is to be read again
 * - `Explained`: there is newer word on it, or it is not any more as it was seen
 */
export type Cleared =
  | { readonly _tag: "Told"; readonly campaign: Campaign; readonly sequence: number }
  | { readonly _tag: "UnderWay" }
  | { readonly _tag: "Stale" }
  | { readonly _tag: "Explained"; readonly campaign: Campaign }

/**
 * Finds out whether somebody else has started or stopped a campaign, and writes it down where they
 * have. One request: what was heard may be old, so that the campaign is read before anybody is said to
 * have changed it. To be asked only where none of us accounts for it.
 */
export const clearUp = Effect.fnUntraced(function* (
  { id, lock }: Campaign,
  before: Parameters<typeof judge>[0],
  word: AuditEntry | undefined
): Effect.fn.Return<Cleared, GatewayError | AuditUnavailable, CampaignGateway | AuditLog> {
  const { campaign, toldIn } = yield* observe(id)
  if (isOlder(campaign.lock, lock)) return { _tag: "Stale" }
  const { judged } = judge(before, campaign, word)
  if (toldIn !== (word?.sequence ?? 0) || judged._tag !== "Suspect")
    return { _tag: "Explained", campaign }
  const account = yield* accountFor(id, toldIn)
  if (account !== "nobody")
    return account === "told" ? { _tag: "Explained", campaign } : { _tag: "UnderWay" }
  const { kind, sequence } = yield* tell(campaign, {
    kind: "drift",
    state: seenState(campaign.status),
    previousState: judged.previousState
  })
  // One of us has changed it since it was read, and the ledger knew that before this.
  return kind === "drift" ? { _tag: "Told", campaign, sequence } : { _tag: "Explained", campaign }
})
