/** What a campaign is, in campaignctl's words. */
export type CampaignState = "active" | "draining" | "paused" | "completed" | "archived" | "invalid"

/** The states that may be asked for. */
export type TargetState = "active" | "paused" | "completed" | "archived"

/** Why a campaign is paused; every pause names one. */
export type PauseReason = "AGENT_CAPACITY" | "COMPLIANCE" | "CUSTOMER_REQUEST" | "OTHER"

/** The guards that may be overridden, by name and with a note. */
export type OverridableGuard = "capacity" | "callingWindow" | "slots"

export type GuardName = "matrix" | "pauseReason" | "hold" | OverridableGuard

/** What one guard said of one request. */
export interface GuardVerdict {
  readonly guard: GuardName
  readonly status: "passed" | "failed" | "skipped" | "unknown" | "overridden"
  /** One sentence for a person. */
  readonly detail: string
  /** For `overridden` alone: what the verdict would have been, and the caller's note. */
  readonly overrode?: "failed" | "unknown"
  readonly note?: string
}

/** A thing that a campaign refers to. `name` is null where Genesys did not send it. */
export interface NamedReference {
  readonly id: string
  readonly name: string | null
}

/** One campaign at one instant. */
export interface CampaignReport {
  readonly id: string
  readonly name: string
  readonly state: CampaignState
  /** The status in Genesys' own words, such as `stopping`. */
  readonly status: string
  /** Why it was paused, where the ledger knows and it is paused or draining; null otherwise. */
  readonly pauseReason: PauseReason | null
  /** Whether somebody else has changed the campaign since the ledger's last entry. */
  readonly drifted: boolean
  /** The `version` or the `ETag` that a write would have to match. */
  readonly lock: string
  readonly dialingMode: string | null
  readonly queue: NamedReference | null
  readonly division: NamedReference | null
  readonly callableTimeSet: NamedReference | null
  /** When it was read, ISO 8601 in UTC. */
  readonly observedAt: string
}

/** A change that was made, or that was not needed. */
export interface TransitionReport {
  /** `already-there`: nothing was written. */
  readonly outcome: "applied" | "already-there"
  readonly campaignId: string
  readonly campaignName: string
  readonly from: CampaignState
  /** The state now; `draining` after a pause whose calls still run: `awaitDrain` waits for them. */
  readonly state: CampaignState
  readonly target: TargetState
  readonly verdicts: ReadonlyArray<GuardVerdict>
  /** Sentences for a person, such as that the platform always drains. */
  readonly warnings: ReadonlyArray<string>
  /** Changes that were sent to Genesys. */
  readonly attempts: number
  /** Milliseconds from the request to the recorded outcome. */
  readonly latencyMs: number
  readonly lockBefore: string
  readonly lockAfter: string
  /** The sequence of the outcome in the ledger. */
  readonly auditSequence: number
}

/** The decision that `transitionState` would take now. */
export interface ExplanationReport {
  readonly outcome: "allowed" | "already-there" | "rejected"
  readonly campaign: CampaignReport
  readonly verdicts: ReadonlyArray<GuardVerdict>
  /** Those of the verdicts that forbid the change. */
  readonly violations: ReadonlyArray<GuardVerdict>
}

/** How a wait for running calls ended. */
export interface DrainReport {
  /**
   * - `drained`: no call runs any more
   * - `still-draining`: the time was up first; the pause itself stands
   * - `resumed`: somebody turned the campaign on again meanwhile
   * - `not-shown`: this contract does not tell whether calls still run
   */
  readonly outcome: "drained" | "still-draining" | "resumed" | "not-shown"
  readonly campaignId: string
  readonly state: CampaignState
  /** Milliseconds from the first look to the last. */
  readonly waitedMs: number
  readonly polls: number
}

/** What became of a change that an earlier process left without an outcome. */
export interface SettledReport {
  readonly campaignId: string
  readonly campaignName: string
  readonly target: TargetState | null
  /**
   * - `recovered`: the campaign was read back, and `changed` says whether the change is there
   * - `unknown`: it was written to since, or is gone, so that nothing can be said
   * - `postponed`: Genesys could not be asked; the next start tries again
   */
  readonly outcome: "recovered" | "unknown" | "postponed"
  /** Null unless the outcome is `recovered`. */
  readonly changed: boolean | null
  /** One sentence for a person. */
  readonly detail: string
  /** The sequences in the ledger of the intent, and of its outcome where it has one now. */
  readonly intentSequence: number
  readonly auditSequence: number | null
}

/** One line of the audit trail. Null where a field does not apply. */
export interface AuditRecord {
  readonly id: string
  readonly sequence: number
  /** ISO 8601 in UTC. */
  readonly timestamp: string
  /** `*` where the line is about no single campaign, as a halt's is. */
  readonly campaignId: string
  /** For a halt: its name. */
  readonly campaignName: string
  /** The campaign's division then. */
  readonly divisionId: string | null
  readonly currentState: CampaignState | null
  readonly targetState: TargetState | null
  readonly pauseReason: PauseReason | null
  readonly note: string | null
  readonly requestedBy: string
  readonly source: "cli" | "http" | "schedule" | "guard" | "library" | "watch" | "webhooks"
  readonly kind:
    | "intent"
    | "outcome"
    | "rejection"
    | "drift"
    | "observed"
    | "delivery"
    | "halt-raised"
    | "halt-lifted"
    | "fleet-finished"
    | "rules-changed"
  readonly outcome:
    | "applied"
    | "already-there"
    | "rejected"
    | "failed"
    | "unknown"
    | "recovered"
    | null
  readonly success: boolean
  readonly attempts: number
  readonly latencyMs: number
  readonly verdicts: ReadonlyArray<GuardVerdict>
  readonly lockBefore: string | null
  readonly lockAfter: string | null
  readonly errorCode: string | null
  readonly errorDetails: string | null
  readonly traceId: string | null
  /** What the caller called the request. */
  readonly requestId: string | null
  readonly governanceLevel: string
  readonly intentId: string | null
  /** Of a halt alone: the campaigns that it holds, those that fit every part; all of them without any. */
  readonly holdScope?: {
    readonly ids?: ReadonlyArray<string>
    readonly divisionIds?: ReadonlyArray<string>
    readonly queueIds?: ReadonlyArray<string>
    readonly namePattern?: string
  }
  /** Of a change that was made: the state afterwards. */
  readonly stateAfter?: CampaignState
  /** Of a change whose entry came after that of the change that followed it: the sequence of that one. */
  readonly overtakenBy?: number
  /** Of drift and what was observed: the state before, where it is known. */
  readonly previousState?: CampaignState
  /** Of a fleet that has finished alone; campaigns by what came of them. */
  readonly fleet?: {
    readonly operationId: string
    readonly status: "succeeded" | "partial" | "failed" | "cancelled"
    readonly targetState: TargetState
    readonly campaigns: Readonly<Record<string, number>>
  }
  /** Of a message to another system alone. */
  readonly delivery?: {
    readonly subscriptionId: string
    readonly receiver: string
    readonly eventId: string
    readonly eventType: string
    readonly eventSequence: number
    readonly status: number | null
  }
  /** Of changed schedules, windows or minimums of agents alone; `before` and `after` are JSON. */
  readonly rules?: {
    readonly what: "schedule-added" | "schedule-replaced" | "schedule-removed" | "policies-applied"
    readonly name: string
    readonly before?: string
    readonly after?: string
  }
  readonly previousHash: string
  readonly hash: string
}

/** What the check of the whole audit trail found. */
export interface AuditVerification {
  readonly intact: boolean
  readonly entries: number
  /** Null where the trail is broken. */
  readonly headHash: string | null
  /** The first entry that is wrong or missing, and why; null where the trail is intact. */
  readonly firstBadSequence: number | null
  readonly why: string | null
}

/** A webhook that Genesys has registered. */
export interface WebhookReport {
  /** The webhook's id, or `existing` where it was there before and Genesys does not tell its id. */
  readonly id: string
  readonly alreadyRegistered: boolean
}
