import { Effect, Stream } from "effect"
import { CampaignId, LockToken } from "../campaign/Campaign.ts"
import type { AuditDraft } from "../ledger/AuditEntry.ts"
import { AuditLog } from "../ports/AuditLog.ts"
import { ANY_CAMPAIGN_ID, auditDraft, outcomeDraft } from "./auditDraft.ts"
import { type ContractCase, same } from "./ContractCase.ts"

const locks = (before: string, after: string) => ({
  lockBefore: LockToken.make(before),
  lockAfter: LockToken.make(after)
})

/** Appends the intents of changes first, and their outcomes in the order in which they are given. */
const changes = (...drafts: ReadonlyArray<Partial<AuditDraft>>) =>
  AuditLog.use((log) =>
    Effect.gen(function* () {
      const intents = yield* Effect.forEach(drafts, () => log.append(auditDraft()))
      return yield* Effect.forEach(drafts, (draft, place) =>
        log.append(outcomeDraft(intents[place]?.id ?? null, draft))
      )
    })
  )

const word = AuditLog.use((log) =>
  Effect.map(log.lastApplied([CampaignId.make(ANY_CAMPAIGN_ID)]), (found) => [...found.values()])
)

/** What becomes of changes whose outcomes are recorded in another order than they were made in. */
export const overtaken: ReadonlyArray<ContractCase<AuditLog>> = [
  {
    name: "a change whose outcome comes after that of the change that followed it does not tell the state",
    run: Effect.gen(function* () {
      const log = yield* AuditLog
      const [start, pause] = yield* changes(
        { ...locks("4", "5"), targetState: "active", pauseReason: null },
        locks("3", "4")
      )
      yield* same("the later change", start?.overtakenBy, undefined)
      yield* same("the earlier change", pause?.overtakenBy, start?.sequence)
      yield* same("the newest word", yield* word, [start])
      const read = yield* Stream.runCollect(log.query({ kind: "outcome" }))
      yield* same("what is read back", read, [start, pause])
      yield* same("verification", (yield* log.verify)._tag, "Intact")
    })
  },
  {
    name: "tokens without an order tell the same of two changes",
    run: Effect.gen(function* () {
      const [later, earlier] = yield* changes(locks('"b"', '"c"'), locks('"a"', '"b"'))
      yield* same("the earlier change", earlier?.overtakenBy, later?.sequence)
      yield* same("the newest word", yield* word, [later])
    })
  },
  {
    name: "changes that are recorded as they were made, of other campaigns, or not made at all, overtake nothing",
    run: Effect.gen(function* () {
      const [first, second] = yield* changes(locks("3", "4"), locks("4", "5"))
      yield* same("in order", [first?.overtakenBy, second?.overtakenBy], [undefined, undefined])
      yield* same("the newest word", yield* word, [second])
      const other = { campaignId: "22222222-2222-4222-8222-222222222222" }
      const [, , mine] = yield* changes(
        { ...locks("6", "7"), ...other },
        { ...locks("6", "7"), outcome: "failed", success: false },
        locks("5", "6")
      )
      yield* same("beside others", mine?.overtakenBy, undefined)
      // Both kept by the ledger alone: the one that is recorded later came later.
      const [, archived] = yield* changes(
        { ...locks("6", "6"), targetState: "completed", pauseReason: null },
        { ...locks("6", "6"), targetState: "archived", pauseReason: null }
      )
      yield* same("dispositions", yield* word, [archived])
    })
  }
]
