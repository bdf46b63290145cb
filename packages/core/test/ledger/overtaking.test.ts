import { assert, it } from "@effect/vitest"
import { AuditLog, CampaignId, LockToken } from "../../src/index.ts"
import {
  ANY_CAMPAIGN_ID,
  auditDraft,
  memoryAuditLog,
  outcomeDraft,
  sequentialIds
} from "../../src/testing/index.ts"
import { Effect, Layer } from "effect"
import fc from "fast-check"

/** Changes of one campaign, numbered as they were made: when each was begun, and when its outcome was recorded. */
const recordings = fc
  .array(fc.tuple(fc.integer({ min: 0, max: 20 }), fc.integer({ min: 0, max: 20 })), {
    minLength: 1,
    maxLength: 6
  })
  .map((changes) =>
    changes
      .flatMap(([begun, took], made) => [
        { kind: "intent" as const, made, at: begun + made },
        { kind: "outcome" as const, made, at: begun + made + took + 0.5 }
      ])
      .toSorted((one, other) => one.at - other.at)
  )

const record = Effect.fnUntraced(function* (
  steps: ReadonlyArray<{ readonly kind: "intent" | "outcome"; readonly made: number }>
) {
  const log = yield* AuditLog
  const intents = new Map<number, string>()
  const last = Math.max(...steps.map(({ made }) => made))
  for (const { kind, made } of steps) {
    if (kind === "intent") intents.set(made, (yield* log.append(auditDraft())).id)
    else
      yield* log.append(
        outcomeDraft(intents.get(made) ?? null, {
          lockBefore: LockToken.make(String(made)),
          lockAfter: LockToken.make(String(made + 1)),
          note: `change ${made}`
        })
      )
  }
  const word = (yield* log.lastApplied([CampaignId.make(ANY_CAMPAIGN_ID)])).values().next().value
  return { word: word?.note, made: `change ${last}`, verified: (yield* log.verify)._tag }
})

/** A change whose outcome stood in the ledger before the next one began came first in every way. */
const mayHappen = (
  steps: ReadonlyArray<{ readonly kind: "intent" | "outcome"; readonly made: number }>
): boolean =>
  steps.every(
    ({ kind, made }, place) =>
      kind === "outcome" ||
      steps.slice(0, place).every((before) => before.kind === "intent" || before.made < made)
  )

it("the ledger's word on a campaign is the change that was made last, in whatever order they were recorded", async () => {
  const layer = memoryAuditLog.pipe(Layer.provide(sequentialIds))
  await fc.assert(
    fc.asyncProperty(recordings.filter(mayHappen), async (steps) => {
      const { made, verified, word } = await Effect.runPromise(
        Effect.provide(record(steps), layer, { local: true })
      )
      assert.strictEqual(word, made)
      assert.strictEqual(verified, "Intact")
    }),
    { numRuns: 1_000 }
  )
})
