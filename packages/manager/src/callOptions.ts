import type { AuditRecord, OverridableGuard } from "./shapes.ts"

/** What every call takes. */
export interface CallOptions {
  /** Ends the call when aborted; a change that is under way gets its outcome in the audit first. */
  readonly signal?: AbortSignal
}

/** One guard that the caller decides against, with the reason that the audit keeps. */
export interface GuardOverride {
  readonly guard: OverridableGuard
  readonly note: string
}

/** What a decision may be asked with, beside the target. */
export interface ExplainOptions extends CallOptions {
  readonly overrides?: ReadonlyArray<GuardOverride>
  /** Dial a completed list again from its first record. */
  readonly restart?: boolean
  /** For a target `paused`: the reason that would be given. */
  readonly pauseReason?: string
}

/** What a change may be asked with, beside the target and the reason. */
export interface TransitionOptions extends CallOptions {
  /** Kept in the audit. */
  readonly note?: string
  /** Who asks, as the audit records it, instead of the manager's own `requestedBy`. */
  readonly requestedBy?: string
  readonly overrides?: ReadonlyArray<GuardOverride>
  /** Dial a completed list again from its first record. */
  readonly restart?: boolean
  /** False asks for running calls to be ended at once, where the contract can. */
  readonly drain?: boolean
  /** What the caller calls the request; its entries in the audit are found by it. */
  readonly requestId?: string
  /** The `lock` of the campaign as the caller saw it; the call rejects with `LockConflictError` where it has changed since. */
  readonly expectedLock?: string
}

/** How long to wait for running calls. */
export interface DrainWaitOptions extends CallOptions {
  /** Milliseconds to wait at most; `DEFAULT_DRAIN_TIMEOUT_MS` unless said. */
  readonly timeoutMs?: number
}

/** Which campaigns; everything absent: all of them. */
export interface ListFilter {
  readonly ids?: ReadonlyArray<string>
  /** Campaigns whose name begins so, without regard to case. */
  readonly namePrefix?: string
  readonly divisionIds?: ReadonlyArray<string>
  readonly queueId?: string
}

/** Which entries of the audit trail; every part that is present must hold. */
export interface AuditFilter {
  readonly campaignId?: string
  /** ISO 8601 instants: `since` included, `until` excluded. */
  readonly since?: string
  readonly until?: string
  readonly outcome?: NonNullable<AuditRecord["outcome"]>
  readonly kind?: AuditRecord["kind"]
  readonly requestedBy?: string
  readonly requestId?: string
  /** Only entries on campaigns that were in one of these divisions then. */
  readonly divisionIds?: ReadonlyArray<string>
  /** Only entries after, and only entries before, this sequence. */
  readonly afterSequence?: number
  readonly beforeSequence?: number
  readonly newestFirst?: boolean
  readonly limit?: number
}
