import {
  accountFor,
  type AuditEntry,
  AuditLog,
  type AuditUnavailable,
  LockToken,
  openIntents,
  seenState,
  Settings,
  type SupervisionPolicy,
  type TransitionError,
  tellsState
} from "@campaignctl/core"
import { Effect, Stream } from "effect"
import { Transitions } from "../ports/Transitions.ts"
import type { Action } from "./Action.ts"
import type { Claim } from "./GuardMemory.ts"
import type { Sight } from "./Sight.ts"
import { GUARD } from "./words.ts"

/** What came of an action. */
export type Acted =
  | { readonly _tag: "Done"; readonly said: string; readonly claim?: Claim }
  /** Nothing was done, and it is to be looked at afresh. */
  | { readonly _tag: "Skipped"; readonly said: string }
  /** Somebody else has a word in this: the campaign is not the guard's any more. */
  | { readonly _tag: "Yielded"; readonly said: string }

export type ActError = TransitionError | AuditUnavailable

/** Carries one action out, through a transition that decides afresh and is audited. */
export const act = (
  policy: SupervisionPolicy,
  sight: Omit<Sight, "unbroken">,
  action: Action
): Effect.Effect<Acted, ActError, Transitions | AuditLog> => {
  if (action._tag === "RecordDrift") return recordDrift(policy, sight, action)
  return action._tag === "Pause" ? pause(sight, action) : resume(policy, sight, action)
}

const pause = Effect.fnUntraced(function* (
  { campaign, heard: byEvent }: Pick<Sight, "campaign" | "heard">,
  { note, reason }: Extract<Action, { readonly _tag: "Pause" }>
): Effect.fn.Return<Acted, ActError, Transitions> {
  const { run } = yield* Transitions
  const result = yield* run({
    campaignId: campaign.id,
    target: "paused",
    pauseReason: reason,
    note,
    requestedBy: GUARD,
    source: "guard",
    ...(byEvent ? {} : { seen: campaign })
  })
  if (result._tag === "AlreadyThere") return { _tag: "Skipped", said: "It had stopped already." }
  return {
    _tag: "Done",
    said: `Paused because of ${reason}.`,
    claim: {
      sequence: result.auditSequence,
      lock: result.lockAfter,
      draining: result.state === "draining",
      touched: false
    }
  }
})

const resume = Effect.fnUntraced(function* (
  policy: SupervisionPolicy,
  { campaign, heard: byEvent }: Pick<Sight, "campaign" | "heard">,
  { lock, note, since }: Extract<Action, { readonly _tag: "Resume" }>
): Effect.fn.Return<Acted, ActError, Transitions | AuditLog> {
  const heard = yield* heardSince(campaign.id, since)
  if (heard === undefined)
    return { _tag: "Yielded", said: "Not resumed: too much was written about it since." }
  if (openIntents(heard.after).length > 0)
    return { _tag: "Skipped", said: "Somebody is changing the campaign just now." }
  const wish = heard.after.find(wantsItStopped)
  if (wish !== undefined)
    return {
      _tag: "Yielded",
      said: `Not resumed: ${wish.requestedBy} asked for it to be ${wish.targetState ?? "stopped"} since.`
    }
  if (policy.drift === "revert" && endedAStrangersStart(heard))
    return { _tag: "Yielded", said: "Not resumed: what it ended was started elsewhere." }
  const { run } = yield* Transitions
  yield* run({
    campaignId: campaign.id,
    target: "active",
    note,
    requestedBy: GUARD,
    source: "guard",
    ...(byEvent ? {} : { seen: campaign }),
    expectedLock: LockToken.make(lock)
  })
  return { _tag: "Done", said: "Resumed." }
})

const isGuards = ({ requestedBy, source }: AuditEntry): boolean =>
  source === "guard" && requestedBy === GUARD

/** Whether somebody said, in whatever way, that the campaign is to stand still. */
const wantsItStopped = (entry: AuditEntry): boolean =>
  !isGuards(entry) && entry.targetState !== null && entry.targetState !== "active"

/** Entries of one campaign that are read back: more than an hour of pauses and resumes leaves in the ledger. */
const ENTRIES_BACK = 100

/** What was written about a campaign, the newest first. */
interface Heard {
  /** Since the stop that is to be undone: who asked while it was under way, or not recorded yet, is heard. */
  readonly after: ReadonlyArray<AuditEntry>
  /** Before its record began. */
  readonly before: ReadonlyArray<AuditEntry>
}

/**
 * What was written about a campaign around the stop that the sequence tells: from the guard's own intent
 * on, and from the word before on where it was made elsewhere, which is recorded some looks later.
 */
const heardSince = Effect.fnUntraced(function* (
  campaignId: string,
  sequence: number
): Effect.fn.Return<Heard | undefined, AuditUnavailable, AuditLog> {
  const ledger = yield* AuditLog
  const newest = yield* Stream.runCollect(
    ledger.query({ campaignId, newestFirst: true, limit: ENTRIES_BACK })
  )
  const word = newest.find((entry) => entry.sequence === sequence)
  const began = newest.find(({ id }) => id === (word?.intentId ?? word?.id))
  if (word === undefined || began === undefined) return undefined
  const before = newest.filter((entry) => entry.sequence < began.sequence)
  const from = word.kind === "drift" ? before.find(tellsState) : began
  if (from === undefined && newest.length === ENTRIES_BACK) return undefined
  return { after: newest.filter((entry) => entry.sequence > (from?.sequence ?? 0)), before }
})

/** Whether the word before the guard's pause was a start that was made elsewhere. */
const endedAStrangersStart = ({ before }: Heard): boolean => {
  const word = before.find(tellsState)
  return word?.kind === "drift" && word.currentState === "active"
}

const recordDrift = Effect.fnUntraced(function* (
  policy: SupervisionPolicy,
  { campaign, word }: Pick<Sight, "campaign" | "word">,
  { note }: Extract<Action, { readonly _tag: "RecordDrift" }>
): Effect.fn.Return<Acted, AuditUnavailable, AuditLog> {
  const ledger = yield* AuditLog
  if ((yield* accountFor(campaign.id, word?.sequence ?? 0)) !== "nobody")
    return { _tag: "Skipped", said: "The change is on its way into the ledger." }
  const { governanceLevel } = yield* Settings
  yield* ledger.append({
    campaignId: campaign.id,
    campaignName: campaign.name,
    divisionId: campaign.division?.id ?? null,
    currentState: seenState(campaign.status),
    targetState: null,
    pauseReason: null,
    note,
    requestedBy: GUARD,
    source: "guard",
    kind: "drift",
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
    intentId: null
  })
  if (policy.drift === "report")
    yield* Effect.logWarning(`Campaign “${campaign.name}” (${campaign.id}): ${note}`)
  return { _tag: "Done", said: note }
})
