import { AuditLog, type AuditDraft, type CampaignState } from "@campaignctl/core"
import { auditDraft } from "@campaignctl/core/testing"
import { Clock, Effect } from "effect"
import { TestClock } from "effect/testing"
import { SqlClient } from "effect/sql"
import { auditEnds } from "../../src/delivery/auditEnds.ts"
import { look } from "../../src/delivery/deliver.ts"
import { Sender } from "../../src/delivery/Sender.ts"
import { Webhooks } from "../../src/index.ts"

export const HOUR_MS = 3_600_000
export const DAY_MS = 24 * HOUR_MS

export const campaignOf = (n: number): string =>
  `aaaaaaaa-aaaa-4aaa-8aaa-${String(n).padStart(12, "0")}`

/** A change of ours that was applied. */
export const applied = (campaign = 1, overrides: Partial<AuditDraft> = {}): AuditDraft =>
  auditDraft({
    campaignId: campaignOf(campaign),
    campaignName: `Campaign ${campaign}`,
    kind: "outcome",
    outcome: "applied",
    success: true,
    currentState: "active",
    targetState: "paused",
    stateAfter: "draining",
    ...overrides
  })

/** What was seen of a campaign; each under another lock, so that none is a repetition. */
export const observed = (
  campaign: number,
  previousState: CampaignState,
  currentState: CampaignState,
  lock: number
): AuditDraft =>
  auditDraft({
    campaignId: campaignOf(campaign),
    campaignName: `Campaign ${campaign}`,
    kind: "observed",
    source: "watch",
    requestedBy: "watch",
    targetState: null,
    pauseReason: null,
    previousState,
    currentState,
    lockAfter: String(lock) as NonNullable<AuditDraft["lockAfter"]> // the brand alone differs
  })

export const append = (draft: AuditDraft) => AuditLog.use((log) => log.append(draft))

export const subscribe = (url: string, more: Readonly<Record<string, unknown>> = {}) =>
  Webhooks.use((webhooks) =>
    webhooks.add({ draft: { url, ...more }, requestedBy: "ada@example.com" })
  )

/** One look, and all that it begins, to the end. */
export const round = Effect.gen(function* () {
  const { idle } = yield* Sender
  yield* look
  yield* idle
  yield* auditEnds(false)
})

/** Lives through a time: at each instant at which something is due, it is looked. */
export const live = Effect.fnUntraced(function* (ms: number) {
  const sql = yield* SqlClient.SqlClient
  const end = (yield* Clock.currentTimeMillis) + ms
  yield* round
  for (;;) {
    const now = yield* Clock.currentTimeMillis
    const [next] = yield* sql<{ at: number | bigint | null }>`SELECT min(
        CASE WHEN s.not_before > d.due_at THEN s.not_before ELSE d.due_at END) AS at
      FROM webhook_deliveries d JOIN webhook_subscriptions s ON s.id = d.subscription_id
      WHERE d.status = 'pending' AND d.head = 1 AND s.disabled IS NULL`
    const due = Number(next?.at ?? Infinity)
    const at = Math.max(due, now + 1)
    if (at > end) break
    yield* TestClock.setTime(at)
    yield* round
  }
  yield* TestClock.setTime(end)
})
