import { type AuditDraft, AuditLog, CampaignId } from "@campaignctl/core"
import {
  ANY_CAMPAIGN_ID,
  auditDraft,
  memoryAuditLog,
  outcomeDraft,
  sequentialIds
} from "@campaignctl/core/testing"
import { assert, it } from "@effect/vitest"
import { Clock, Effect, Layer } from "effect"
import { makeActs } from "../../src/guard/words.ts"

const byGuard = { source: "guard", requestedBy: "guard" } as const

/** Acts of the guard that count, after an intent of its own with this outcome. */
const countedAfter = (outcome: Partial<AuditDraft> | undefined) =>
  Effect.gen(function* () {
    const log = yield* AuditLog
    const { id } = yield* log.append(auditDraft(byGuard))
    if (outcome !== undefined) yield* log.append(outcomeDraft(id, { ...byGuard, ...outcome }))
    const acts = makeActs()
    yield* acts.readOn(yield* Clock.currentTimeMillis)
    return acts.of(CampaignId.make(ANY_CAMPAIGN_ID)).length
  }).pipe(Effect.provide(memoryAuditLog.pipe(Layer.provide(sequentialIds)), { local: true }))

for (const [counts, name, outcome] of [
  [1, "one that is not over", undefined],
  [1, "one that was applied", {}],
  [1, "one that was found to be made", { outcome: "recovered" }],
  [1, "one of which nobody knows", { outcome: "unknown", success: false }],
  [0, "one that was found not to be made", { outcome: "recovered", success: false }],
  [0, "one that failed", { outcome: "failed", success: false }],
  [0, "one that was rejected", { outcome: "rejected", success: false }],
  [0, "one that found the campaign so already", { outcome: "already-there" }]
] as const)
  it.effect(`of the guard's pauses and resumes, ${name} counts ${counts}`, () =>
    Effect.map(countedAfter(outcome), (counted) => assert.strictEqual(counted, counts))
  )
