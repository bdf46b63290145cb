import { Clock, Context, Effect, Stream } from "effect"
import { CampaignId, LockToken } from "../campaign/Campaign.ts"
import type { AuditUnavailable } from "../errors/errors.ts"
import { type AuditEntry, GENESIS_HASH, NO_SINGLE_CAMPAIGN } from "../ledger/AuditEntry.ts"
import { hashEntry } from "../ledger/hashEntry.ts"
import { sha256 } from "../memory/sha256.ts"
import { AuditLog, type AuditQuery } from "../ports/AuditLog.ts"
import { auditDraft, outcomeDraft } from "./auditDraft.ts"
import { type ContractCase, fails, holds, same } from "./ContractCase.ts"
import { overtaken } from "./overtaken.ts"

/** Makes the adapter believe that whoever wrote so far is a process that no longer runs. */
export class WriterCrash extends Context.Service<
  WriterCrash,
  { readonly crash: Effect.Effect<void, unknown> }
>()("@campaignctl/core/WriterCrash") {}

const UUID_V7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/
const SHA256_HEX = /^[0-9a-f]{64}$/
/** More ids than one SQL statement takes parameters in some databases (999 in old SQLite). */
const MANY_IDS = 2_500
const CONCURRENT_WRITERS = 20

const campaign = (n: number) =>
  CampaignId.make(`22222222-2222-4222-8222-${String(n).padStart(12, "0")}`)

const read = (
  query: AuditQuery = {}
): Effect.Effect<ReadonlyArray<AuditEntry>, AuditUnavailable, AuditLog> =>
  AuditLog.use((log) => Stream.runCollect(log.query(query)))
const sequences = (query: AuditQuery) =>
  Effect.map(read(query), (entries) => entries.map(({ sequence }) => sequence))
const appendAll = (...drafts: ReadonlyArray<ReturnType<typeof auditDraft>>) =>
  AuditLog.use((log) => Effect.forEach(drafts, log.append))

const chain: ContractCase<AuditLog> = {
  name: "entries are numbered from 1 without gaps, and each carries the hash of the one before",
  run: Effect.gen(function* () {
    const [first, second, third] = yield* appendAll(
      auditDraft(),
      auditDraft({ note: "two" }),
      auditDraft()
    )
    yield* same("sequences", [first?.sequence, second?.sequence, third?.sequence], [1, 2, 3])
    yield* same("the first previousHash", first?.previousHash, GENESIS_HASH)
    yield* same("the second previousHash", second?.previousHash, first?.hash)
    yield* same("the third previousHash", third?.previousHash, second?.hash)
  })
}

const sealed: ContractCase<AuditLog> = {
  name: "an entry has a UUID v7, the clock's time, and the SHA-256 of its canonical form",
  run: Effect.gen(function* () {
    const before = yield* Clock.currentTimeMillis
    const [entry] = yield* appendAll(auditDraft())
    const after = yield* Clock.currentTimeMillis
    if (entry === undefined) return yield* holds(false, "append returned nothing")
    const at = Date.parse(entry.timestamp)
    yield* holds(UUID_V7.test(entry.id), `${entry.id} is not a UUID v7`)
    yield* holds(SHA256_HEX.test(entry.hash), `${entry.hash} is not a SHA-256`)
    yield* holds(at >= before && at <= after, `${entry.timestamp} is not the time of the append`)
    yield* same("the timestamp's form", entry.timestamp, new Date(at).toISOString())
    yield* same("the hash", entry.hash, hashEntry(sha256, entry))
  })
}

const whole: ContractCase<AuditLog> = {
  name: "whatever text an entry holds is read back as it was appended",
  run: Effect.gen(function* () {
    const note = `"quoted", 'single'; -- \n\r\t \u0000 \u2028 \ufffd é 🜁 =1+1`
    const [appended] = yield* appendAll(auditDraft({ campaignName: note, note, requestedBy: note }))
    yield* same("the note", appended?.note, note)
    yield* same("what was read", yield* read(), [appended])
    yield* same("what was read by person", yield* read({ requestedBy: note }), [appended])
  })
}

const mended: ContractCase<AuditLog> = {
  name: "text with half a surrogate pair is mended, never refused",
  run: Effect.gen(function* () {
    const [entry] = yield* appendAll(auditDraft({ campaignName: "half \ud800 pair" }))
    yield* same("the name", entry?.campaignName, "half \ufffd pair")
  })
}

const uncanonical: ContractCase<AuditLog> = {
  name: "a number that JSON cannot hold is refused with AuditUnavailable, and nothing is appended",
  run: Effect.gen(function* () {
    const error = yield* fails("append", appendAll(auditDraft({ latencyMs: Number.NaN })))
    yield* same("the error", error._tag, "AuditUnavailable")
    yield* same("the entries", yield* read(), [])
  })
}

const oneOutcome: ContractCase<AuditLog> = {
  name: "an intent has one outcome: the second is not written and the first is returned",
  run: Effect.gen(function* () {
    const [intent] = yield* appendAll(auditDraft())
    const id = intent?.id ?? ""
    const [first, second] = yield* appendAll(
      outcomeDraft(id),
      outcomeDraft(id, { outcome: "failed", success: false })
    )
    yield* same("the second answer", second, first)
    yield* same("the sequences", yield* sequences({}), [1, 2])
  })
}

const orphan: ContractCase<AuditLog> = {
  name: "an outcome of an intent that is not in the ledger is refused",
  run: Effect.gen(function* () {
    const error = yield* fails(
      "append",
      appendAll(outcomeDraft("00000000-0000-7000-8000-ffffffffffff"))
    )
    yield* same("the error", error._tag, "AuditUnavailable")
    yield* same("the entries", yield* read(), [])
  })
}

const alone: ContractCase<AuditLog> = {
  name: "outcomes without an intent, where nothing had to be sent, stand by themselves",
  run: Effect.gen(function* () {
    const none = outcomeDraft(null, { outcome: "already-there", attempts: 0 })
    yield* appendAll(none, none)
    yield* same("the sequences", yield* sequences({}), [1, 2])
  })
}

const unsettled: ContractCase<AuditLog | WriterCrash> = {
  name: "unsettled: intents of a writer that is gone, oldest first; never those of one that runs",
  run: Effect.gen(function* () {
    const log = yield* AuditLog
    const [older, settled, newer] = yield* appendAll(auditDraft(), auditDraft(), auditDraft())
    yield* log.append(outcomeDraft(settled?.id ?? ""))
    yield* same("while the writer runs", yield* log.unsettled, [])
    yield* (yield* WriterCrash).crash
    yield* log.append(auditDraft({ note: "by the next process" }))
    yield* same("after it crashed", yield* log.unsettled, [older, newer])
    yield* log.append(outcomeDraft(older?.id ?? "", { outcome: "recovered" }))
    yield* same("after one was settled", yield* log.unsettled, [newer])
  })
}

const lastApplied: ContractCase<AuditLog> = {
  name: "lastApplied: the newest entry per campaign that tells its state, and none for the others",
  run: Effect.gen(function* () {
    const log = yield* AuditLog
    const of = (n: number) => ({ campaignId: campaign(n) })
    const [, applied, , recovered, drift] = yield* appendAll(
      outcomeDraft(null, of(1)),
      outcomeDraft(null, of(1)),
      outcomeDraft(null, of(2)),
      outcomeDraft(null, { ...of(2), outcome: "recovered" }),
      auditDraft({ ...of(3), kind: "drift" }),
      // None of these tells a state.
      auditDraft(of(1)),
      auditDraft({ ...of(2), kind: "rejection", outcome: "rejected" }),
      outcomeDraft(null, { ...of(3), outcome: "failed", success: false }),
      outcomeDraft(null, { ...of(1), outcome: "applied", success: false }),
      outcomeDraft(null, { ...of(2), outcome: "already-there" }),
      outcomeDraft(null, { ...of(4), outcome: "unknown", success: false })
    )
    const many = Array.from({ length: MANY_IDS }, (_, n) => campaign(n))
    const found = yield* log.lastApplied(many)
    yield* same("campaigns found", found.size, 3)
    yield* same("the first's", found.get(campaign(1)), applied)
    yield* same("the second's", found.get(campaign(2)), recovered)
    yield* same("the third's", found.get(campaign(3)), drift)
    yield* same("of no campaign", (yield* log.lastApplied([])).size, 0)
  })
}

const filters: ContractCase<AuditLog> = {
  name: "query: every filter, both orders, and the limit",
  run: Effect.gen(function* () {
    const [first] = yield* appendAll(
      auditDraft({ campaignId: campaign(1), divisionId: "north" }),
      outcomeDraft(null, { campaignId: campaign(2), requestedBy: "grace@example.com" }),
      auditDraft({
        campaignId: campaign(1),
        divisionId: "south",
        kind: "rejection",
        outcome: "rejected",
        requestId: "order 66"
      }),
      outcomeDraft(null, { campaignId: campaign(1), outcome: "unknown", success: false })
    )
    const at = Date.parse(first?.timestamp ?? "")
    const cases: ReadonlyArray<readonly [AuditQuery, ReadonlyArray<number>]> = [
      [{}, [1, 2, 3, 4]],
      [{ campaignId: campaign(1) }, [1, 3, 4]],
      [{ campaignId: campaign(9) }, []],
      [{ outcome: "applied" }, [2]],
      [{ kind: "rejection" }, [3]],
      [{ requestedBy: "grace@example.com" }, [2]],
      [{ afterSequence: 2 }, [3, 4]],
      [{ beforeSequence: 3 }, [1, 2]],
      [{ beforeSequence: 4, newestFirst: true, limit: 2 }, [3, 2]],
      [{ requestId: "order 66" }, [3]],
      [{ requestId: "order 67" }, []],
      [{ divisionIds: ["north"] }, [1]],
      [{ divisionIds: ["south", "north"] }, [1, 3]],
      [{ divisionIds: ["east"] }, []],
      [{ divisionIds: [] }, []],
      [{ newestFirst: true }, [4, 3, 2, 1]],
      [{ newestFirst: true, afterSequence: 1, limit: 2 }, [4, 3]],
      [{ limit: 2 }, [1, 2]],
      [{ limit: 0 }, []],
      [{ campaignId: campaign(1), kind: "outcome", limit: 5 }, [4]],
      [{ since: new Date(at).toISOString(), limit: 1 }, [1]],
      [{ until: new Date(at).toISOString() }, []],
      // The same instant in another zone's words.
      [{ until: new Date(at).toISOString().replace("Z", "+00:00") }, []]
    ]
    yield* Effect.forEach(cases, ([query, expected]) =>
      Effect.flatMap(sequences(query), (found) => same(JSON.stringify(query), found, expected))
    )
  })
}

const halts: ContractCase<AuditLog> = {
  name: "a halt is about no single campaign: it keeps its scope and tells no campaign's state",
  run: Effect.gen(function* () {
    const log = yield* AuditLog
    const halt = {
      campaignId: NO_SINGLE_CAMPAIGN,
      campaignName: "Easter",
      currentState: null,
      targetState: null,
      holdScope: { divisionIds: ["home"], namePattern: "Sales *" },
      success: true
    }
    const [raised, lifted] = yield* appendAll(
      auditDraft({ ...halt, kind: "halt-raised" }),
      auditDraft({ ...halt, kind: "halt-lifted", pauseReason: null }),
      auditDraft()
    )
    yield* same("the scope", raised?.holdScope, halt.holdScope)
    yield* same("the raised ones", yield* sequences({ kind: "halt-raised" }), [1])
    yield* same("the lifted ones", yield* sequences({ kind: "halt-lifted" }), [2])
    yield* same("by the mark", yield* sequences({ campaignId: NO_SINGLE_CAMPAIGN }), [1, 2])
    const [read] = yield* Stream.runCollect(log.query({ kind: "halt-lifted" }))
    yield* same("read back", read, lifted)
    yield* same("what is open", yield* log.unsettled, [])
    yield* same("verification", (yield* log.verify)._tag, "Intact")
  })
}

const changedRules: ContractCase<AuditLog> = {
  name: "changed rules are about no single campaign: they keep what was and what is",
  run: Effect.gen(function* () {
    const log = yield* AuditLog
    const about = {
      campaignId: NO_SINGLE_CAMPAIGN,
      campaignName: "evening",
      kind: "rules-changed",
      currentState: null,
      targetState: null,
      pauseReason: null,
      outcome: null
    } as const
    const rules = { name: "evening", before: '{"cron":"0 20 * * *"}' }
    const [replaced, removed] = yield* appendAll(
      auditDraft({
        ...about,
        divisionId: "home",
        rules: { ...rules, what: "schedule-replaced", after: '{"cron":"0 21 * * *"}' }
      }),
      auditDraft({ ...about, divisionId: null, rules: { ...rules, what: "schedule-removed" } }),
      auditDraft()
    )
    yield* same("the kind", yield* sequences({ kind: "rules-changed" }), [1, 2])
    yield* same(
      "of a division",
      yield* sequences({ kind: "rules-changed", divisionIds: ["home"] }),
      [1]
    )
    const read = yield* Stream.runCollect(log.query({ kind: "rules-changed" }))
    yield* same("read back", read, [replaced, removed])
    yield* same("what is open", yield* log.unsettled, [])
    yield* same("verification", (yield* log.verify)._tag, "Intact")
  })
}

const intact: ContractCase<AuditLog> = {
  name: "verify: an untouched ledger is intact, an empty one too",
  run: Effect.gen(function* () {
    const log = yield* AuditLog
    yield* same("empty", yield* log.verify, { _tag: "Intact", entries: 0, headHash: GENESIS_HASH })
    const entries = yield* appendAll(
      auditDraft(),
      auditDraft({ kind: "drift" }),
      outcomeDraft(null)
    )
    const headHash = entries.at(-1)?.hash ?? ""
    yield* same("of three", yield* log.verify, { _tag: "Intact", entries: 3, headHash })
  })
}

const concurrent: ContractCase<AuditLog> = {
  name: "appends at once leave one unbroken chain",
  run: Effect.gen(function* () {
    const log = yield* AuditLog
    const writers = Array.from({ length: CONCURRENT_WRITERS }, (_, n) =>
      auditDraft({ note: `writer ${n}` })
    )
    yield* Effect.forEach(writers, log.append, { concurrency: "unbounded" })
    const found = yield* log.verify
    yield* same("verification", [found._tag, found.entries], ["Intact", CONCURRENT_WRITERS])
  })
}

const racing: ContractCase<AuditLog> = {
  name: "of outcomes that arrive at once, one is written and all get it back",
  run: Effect.gen(function* () {
    const log = yield* AuditLog
    const intent = yield* log.append(auditDraft())
    const drafts = Array.from({ length: CONCURRENT_WRITERS }, (_, n) =>
      outcomeDraft(intent.id, { attempts: n })
    )
    const answers = yield* Effect.forEach(drafts, log.append, { concurrency: "unbounded" })
    yield* same("the sequences", [...new Set(answers.map(({ sequence }) => sequence))], [2])
    yield* same("the entries", yield* sequences({}), [1, 2])
  })
}

const sights: ContractCase<AuditLog> = {
  name: "what was only seen is told once, by how many it may be seen, until there is newer word",
  run: Effect.gen(function* () {
    const log = yield* AuditLog
    const drift = auditDraft({ kind: "drift", targetState: null, lockBefore: LockToken.make("7") })
    const seen = { ...drift, kind: "observed" } as const
    const first = yield* log.append(drift)
    const again = Array.from({ length: CONCURRENT_WRITERS }, (_, n) => ({ ...drift, note: `${n}` }))
    const answers = yield* Effect.forEach(again, log.append, { concurrency: "unbounded" })
    yield* same("the first is returned", new Set(answers.map(({ id }) => id)), new Set([first.id]))
    yield* same(
      "of another campaign",
      (yield* log.append({ ...drift, campaignId: campaign(1) })).sequence,
      2
    )
    yield* same("another kind", (yield* log.append(seen)).sequence, 3)
    yield* same("the same", (yield* log.append(seen)).sequence, 3)
    yield* same(
      "another state",
      (yield* log.append({ ...seen, currentState: "paused" })).sequence,
      4
    )
    yield* same(
      "another lock",
      (yield* log.append({ ...drift, lockBefore: LockToken.make("8") })).sequence,
      5
    )
    yield* log.append(outcomeDraft(null))
    yield* same(
      "after newer word",
      (yield* log.append({ ...drift, lockBefore: LockToken.make("8") })).sequence,
      7
    )
    const [lockBefore, lockAfter] = [LockToken.make("8"), LockToken.make("9")]
    const ours = yield* log.append(outcomeDraft(null, { lockBefore, lockAfter }))
    yield* same(
      "under a lock that a change of ours has used up",
      (yield* log.append({ ...drift, lockBefore })).id,
      ours.id
    )
  })
}

const writable: ContractCase<AuditLog> = {
  name: "writable: succeeds on a ledger that can be written, and appends nothing",
  run: Effect.gen(function* () {
    const log = yield* AuditLog
    yield* log.append(auditDraft())
    yield* log.writable
    const found = yield* log.verify
    yield* same("verification", [found._tag, found.entries], ["Intact", 1])
  })
}

/** What every `AuditLog` promises. Each case needs an empty ledger of its own. */
export const auditLogContract: ReadonlyArray<ContractCase<AuditLog | WriterCrash>> = [
  chain,
  sealed,
  whole,
  mended,
  uncanonical,
  oneOutcome,
  orphan,
  alone,
  unsettled,
  lastApplied,
  filters,
  halts,
  changedRules,
  intact,
  concurrent,
  racing,
  sights,
  ...overtaken,
  writable
]
