import { Context, type Effect, type Stream } from "effect"
import type { CampaignId } from "../campaign/Campaign.ts"
import type { AuditUnavailable } from "../errors/errors.ts"
import type { AuditDraft, AuditEntry, AuditKind, AuditOutcome } from "../ledger/AuditEntry.ts"

/** Which entries to read; every part that is present must hold. */
export interface AuditQuery {
  readonly campaignId?: string
  /** ISO 8601 instants: `since` included, `until` excluded. */
  readonly since?: string
  readonly until?: string
  readonly outcome?: AuditOutcome
  readonly kind?: AuditKind
  readonly requestedBy?: string
  readonly requestId?: string
  /** Only entries on campaigns that were in one of these divisions then. */
  readonly divisionIds?: ReadonlyArray<string>
  /** Only entries after this sequence. */
  readonly afterSequence?: number
  /** Only entries before this sequence. */
  readonly beforeSequence?: number
  /** The newest first instead of the oldest first. */
  readonly newestFirst?: boolean
  readonly limit?: number
}

/** What verification of the whole chain found. */
export type Verification =
  | { readonly _tag: "Intact"; readonly entries: number; readonly headHash: string }
  | {
      readonly _tag: "Broken"
      /** The sequence of the first entry that is wrong or missing. */
      readonly firstBadSequence: number
      readonly why: string
      readonly entries: number
    }

/** The append-only, hash-chained record of every decision and change. */
export class AuditLog extends Context.Service<
  AuditLog,
  {
    /**
     * Appends one entry and returns it with its id, sequence and hash. Durable when it returns.
     * An intent has one outcome at most: a second outcome for the same intent is not written,
     * and the first is returned. What was only seen, by `drift` and `observed`, is told once: where
     * the newest word on the campaign says the same under the same lock, or is of a change of ours that
     * used that lock up, that one is returned.
     */
    readonly append: (draft: AuditDraft) => Effect.Effect<AuditEntry, AuditUnavailable>
    /**
     * The newest entry per campaign that says what state it was last seen in or brought to: an
     * outcome `applied` or `recovered` with success, or a drift. Campaigns without one are absent.
     */
    readonly lastApplied: (
      ids: ReadonlyArray<CampaignId>
    ) => Effect.Effect<ReadonlyMap<CampaignId, AuditEntry>, AuditUnavailable>
    /** Intents without an outcome whose writer no longer runs, oldest first. */
    readonly unsettled: Effect.Effect<ReadonlyArray<AuditEntry>, AuditUnavailable>
    readonly query: (query: AuditQuery) => Stream.Stream<AuditEntry, AuditUnavailable>
    readonly verify: Effect.Effect<Verification, AuditUnavailable>
    /** Fails where an entry could not be appended now; appends nothing. */
    readonly writable: Effect.Effect<void, AuditUnavailable>
  }
>()("@campaignctl/core/AuditLog") {}
