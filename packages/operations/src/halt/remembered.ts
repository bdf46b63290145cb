import {
  type AuditEntry,
  AuditLog,
  type CampaignId,
  CampaignId as Id,
  inScope,
  seenState,
  tellsState
} from "@campaignctl/core"
import { Effect, Option, Result, Schema, Stream } from "effect"
import type { HaltRun } from "./HaltRun.ts"
import { stopTarget } from "./stopTarget.ts"
import { makeTarget } from "./Target.ts"

const decodeId = Schema.decodeUnknownOption(Id)

interface Remembered {
  readonly id: CampaignId
  readonly name: string
  readonly division?: { readonly id: string }
}

/**
 * Begins to stop the campaigns that are known without a list: those that the scope names, or else
 * those that the ledger last knew to dial. What it never knew of it cannot stop. Once for a halt, or
 * again where the ledger could not be read.
 */
export const stopRemembered = Effect.fnUntraced(function* (
  run: HaltRun
): Effect.fn.Return<void, never, AuditLog> {
  if (run.remembered) return
  const { ids } = run.request.scope
  const named = ids?.map((id): Remembered => ({ id, name: id }))
  const known = named ?? (yield* dialledLast(run))
  if (known === undefined) return
  run.remembered = true
  for (const campaign of known) {
    if (run.targets.has(campaign.id)) continue
    yield* run.begin(stopUnseen(run, campaign, named === undefined))
  }
})

const stopUnseen = Effect.fnUntraced(function* (
  run: HaltRun,
  campaign: Remembered,
  nameKnown: boolean
) {
  const { scope } = run.request
  const told = inScope(nameKnown ? scope : { ...scope, namePattern: "*" }, campaign)
  if (told === "out") return
  if (told === "unknown" || (!nameKnown && scope.namePattern !== undefined)) {
    run.requests.others += 1
    const read = yield* Effect.result(run.gateway.get(campaign.id))
    if (Result.isFailure(read) || inScope(scope, read.success) === "out") return
    if (seenState(read.success.status) !== "active") return
  }
  // A list may have shown it in the meantime.
  if (run.targets.has(campaign.id)) return
  const target = makeTarget(campaign, undefined, null)
  run.targets.set(campaign.id, target)
  yield* stopTarget(run, target)
})

/** Campaigns whose newest telling entry says that they dial. */
const dialledLast = Effect.fnUntraced(function* (
  run: HaltRun
): Effect.fn.Return<ReadonlyArray<Remembered> | undefined, never, AuditLog> {
  const ledger = yield* AuditLog
  const newest = new Map<string, AuditEntry>()
  const read = ledger.query({ newestFirst: true, limit: run.settings.rememberedEntries }).pipe(
    Stream.runForEach((entry) =>
      Effect.sync(() => {
        if (tellsState(entry) && !newest.has(entry.campaignId)) newest.set(entry.campaignId, entry)
      })
    )
  )
  const told = yield* Effect.result(Effect.timeout(read, run.settings.ledgerPatienceMs))
  if (Result.isFailure(told)) {
    run.warnings.add("For a while neither Genesys nor the ledger could tell which campaigns dial.")
    return undefined
  }
  return [...newest.values()].flatMap((entry) => {
    const id = Option.getOrUndefined(decodeId(entry.campaignId))
    const state = entry.kind === "drift" ? entry.currentState : entry.targetState
    if (id === undefined || state !== "active") return []
    return [
      {
        id,
        name: entry.campaignName,
        ...(entry.divisionId === null ? {} : { division: { id: entry.divisionId } })
      }
    ]
  })
})
