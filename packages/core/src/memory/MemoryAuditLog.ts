import { Clock, Context, Effect, Layer, Stream } from "effect"
import { AuditUnavailable } from "../errors/errors.ts"
import { type AuditDraft, type AuditEntry, GENESIS_HASH } from "../ledger/AuditEntry.ts"
import { hashEntry, sealEntry } from "../ledger/hashEntry.ts"
import { isRepeated, isSight, tellsSight } from "../ledger/isRepeated.ts"
import { overtaking } from "../ledger/overtaking.ts"
import { tellsState } from "../ledger/tellsState.ts"
import { AuditLog, type AuditQuery, type Verification } from "../ports/AuditLog.ts"
import { Ids } from "../ports/Ids.ts"
import { sha256 } from "./sha256.ts"

/** What a test may do to the in-memory ledger beside using it. */
export class MemoryLedger extends Context.Service<
  MemoryLedger,
  {
    readonly entries: Effect.Effect<ReadonlyArray<AuditEntry>>
    /** From now on whoever wrote before is a process that no longer runs. */
    readonly crash: Effect.Effect<void>
    /** Every operation fails with the sentence, until called with undefined. */
    readonly breakWith: (detail: string | undefined) => Effect.Effect<void>
  }
>()("@campaignctl/core/MemoryLedger") {}

/**
 * The audit log in this process's memory: for tests and for trying things out. Nothing is durable.
 *
 * Every operation is synchronous, so that a test clock alone decides what happens when.
 */
export const memoryAuditLog: Layer.Layer<AuditLog | MemoryLedger, never, Ids> = Layer.effectContext(
  Effect.gen(function* () {
    const ids = yield* Ids
    const ledger = new Ledger()

    const append = Effect.fnUntraced(function* (draft: AuditDraft) {
      yield* ledger.usable
      const id = yield* ids.next
      const now = yield* Clock.currentTimeMillis
      return yield* ledger.append(draft, id, now)
    })

    const log = AuditLog.of({
      append,
      lastApplied: (campaigns) =>
        ledger.read(
          () =>
            new Map(
              campaigns.flatMap((id) => {
                const last = ledger.entries.findLast(
                  (entry) => entry.campaignId === id && tellsState(entry)
                )
                return last === undefined ? [] : [[id, last] as const]
              })
            )
        ),
      unsettled: ledger.read(() => ledger.unsettled()),
      query: (query) =>
        Stream.fromIterableEffect(ledger.read(() => selected(ledger.entries, query))),
      verify: ledger.read(() => verified(ledger.entries)),
      writable: ledger.usable
    })
    const control = MemoryLedger.of({
      entries: Effect.sync(() => [...ledger.entries]),
      crash: Effect.sync(() => ledger.crash()),
      breakWith: (detail) => Effect.sync(() => ledger.breakWith(detail))
    })
    return Context.make(AuditLog, log).pipe(Context.add(MemoryLedger, control))
  })
)

const noSuchIntent = (id: string) =>
  `The ledger holds no intent ${id} that this outcome could settle.`
const unavailable = (detail: string) =>
  new AuditUnavailable({ detail, changeMayHaveHappened: false })

class Ledger {
  readonly entries: Array<AuditEntry> = []
  readonly #outcomes = new Map<string, AuditEntry>()
  /** Intents without an outcome, by id. */
  readonly #open = new Map<string, AuditEntry>()
  #goneUpTo = 0
  #broken: string | undefined

  readonly usable: Effect.Effect<void, AuditUnavailable> = Effect.suspend(() =>
    this.#broken === undefined ? Effect.void : Effect.fail(unavailable(this.#broken))
  )

  read<A>(look: () => A): Effect.Effect<A, AuditUnavailable> {
    return Effect.andThen(this.usable, Effect.sync(look))
  }

  /** One synchronous step, so that no other fiber writes in between. */
  append(draft: AuditDraft, id: string, now: number): Effect.Effect<AuditEntry, AuditUnavailable> {
    return Effect.suspend(() => {
      const settles = draft.kind === "outcome" ? draft.intentId : null
      const first = settles === null ? undefined : this.#outcomes.get(settles)
      if (first !== undefined) return Effect.succeed(first)
      if (settles !== null && !this.#open.has(settles))
        return Effect.fail(unavailable(noSuchIntent(settles)))
      const told = isSight(draft)
        ? this.entries.findLast((one) => one.campaignId === draft.campaignId && tellsSight(one))
        : undefined
      if (told !== undefined && isRepeated(draft, told)) return Effect.succeed(told)
      return Effect.try({
        try: () => this.#place(draft, id, now),
        catch: (cause) => unavailable(`The entry is not well formed: ${String(cause)}.`)
      })
    })
  }

  #place(draft: AuditDraft, id: string, now: number): AuditEntry {
    const previousHash = this.entries.at(-1)?.hash ?? GENESIS_HASH
    const entry = sealEntry(sha256, draft, {
      id,
      now,
      previousHash,
      sequence: this.entries.length + 1,
      overtakenBy: this.#overtaking(draft)
    })
    this.entries.push(entry)
    if (entry.kind === "intent") this.#open.set(entry.id, entry)
    if (entry.kind === "outcome" && entry.intentId !== null) {
      this.#open.delete(entry.intentId)
      this.#outcomes.set(entry.intentId, entry)
    }
    return entry
  }

  #overtaking(draft: AuditDraft): number | undefined {
    const began = this.entries.findIndex(({ id }) => id === draft.intentId)
    if (began < 0) return undefined
    const since = this.entries.slice(began).filter((one) => one.campaignId === draft.campaignId)
    return overtaking(draft, since)
  }

  unsettled(): ReadonlyArray<AuditEntry> {
    return [...this.#open.values()].filter((intent) => intent.sequence <= this.#goneUpTo)
  }

  crash(): void {
    this.#goneUpTo = this.entries.length
  }

  breakWith(detail: string | undefined): void {
    this.#broken = detail
  }
}

const selected = (
  entries: ReadonlyArray<AuditEntry>,
  query: AuditQuery
): ReadonlyArray<AuditEntry> => {
  const wanted = <A>(asked: A | undefined, found: A) => asked === undefined || asked === found
  const since = query.since === undefined ? -Infinity : Date.parse(query.since)
  const until = query.until === undefined ? Infinity : Date.parse(query.until)
  const found = entries.filter((entry) => {
    const at = Date.parse(entry.timestamp)
    return (
      wanted(query.campaignId, entry.campaignId) &&
      wanted<string | null>(query.outcome, entry.outcome) &&
      wanted(query.kind, entry.kind) &&
      wanted(query.requestedBy, entry.requestedBy) &&
      wanted<string | null>(query.requestId, entry.requestId) &&
      (query.divisionIds === undefined ||
        (entry.divisionId !== null && query.divisionIds.includes(entry.divisionId))) &&
      entry.sequence > (query.afterSequence ?? 0) &&
      entry.sequence < (query.beforeSequence ?? Infinity) &&
      at >= since &&
      at < until
    )
  })
  return (query.newestFirst === true ? found.toReversed() : found).slice(0, query.limit)
}

const verified = (entries: ReadonlyArray<AuditEntry>): Verification => {
  let headHash = GENESIS_HASH
  for (const [index, entry] of entries.entries()) {
    const firstBadSequence = index + 1
    const broken = { _tag: "Broken", firstBadSequence, entries: entries.length } as const
    if (entry.sequence !== firstBadSequence) return { ...broken, why: "The entry is missing." }
    if (hashEntry(sha256, entry) !== entry.hash)
      return { ...broken, why: "The entry's hash does not fit its content." }
    if (entry.previousHash !== headHash)
      return { ...broken, why: "The entry does not follow from the one before." }
    headHash = entry.hash
  }
  return { _tag: "Intact", entries: entries.length, headHash }
}
