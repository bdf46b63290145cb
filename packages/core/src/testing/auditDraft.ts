import type { AuditDraft } from "../ledger/AuditEntry.ts"

/** A campaign id that tests use where any will do. */
export const ANY_CAMPAIGN_ID = "11111111-1111-4111-8111-111111111111"

/** A whole draft, an intent to pause unless the overrides say otherwise. */
export const auditDraft = (overrides: Partial<AuditDraft> = {}): AuditDraft => ({
  campaignId: ANY_CAMPAIGN_ID,
  campaignName: "Winter renewals",
  divisionId: null,
  currentState: "active",
  targetState: "paused",
  pauseReason: "CUSTOMER_REQUEST",
  note: null,
  requestedBy: "ada@example.com",
  source: "cli",
  kind: "intent",
  outcome: null,
  success: false,
  attempts: 0,
  latencyMs: 3,
  verdicts: [{ guard: "matrix", status: "passed", detail: "active may become paused." }],
  lockBefore: null,
  lockAfter: null,
  errorCode: null,
  errorDetails: null,
  traceId: null,
  requestId: null,
  governanceLevel: "L3",
  intentId: null,
  ...overrides
})

/** The draft that settles an intent as applied, unless the overrides say otherwise. */
export const outcomeDraft = (
  intentId: string | null,
  overrides: Partial<AuditDraft> = {}
): AuditDraft =>
  auditDraft({
    kind: "outcome",
    outcome: "applied",
    success: true,
    attempts: 1,
    intentId,
    ...overrides
  })
