import { createHash } from "node:crypto"
import {
  AuditLog,
  type AuditQuery,
  AuditUnavailable,
  CampaignId,
  type CampaignPolicy,
  NO_SINGLE_CAMPAIGN,
  parseWindow
} from "@campaignctl/core"
import { auditDraft } from "@campaignctl/core/testing"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer, Result, Stream } from "effect"
import { SqlClient } from "effect/sql"
import { TestClock } from "effect/testing"
import { type PolicyChange, PolicyStore } from "../../src/desired/PolicyStore.ts"
import { canonicalText } from "../../src/desired/canonicalText.ts"
import { tellPolicies } from "../../src/desired/tellPolicies.ts"
import { layerSchedules, type ScheduleDraft, Schedules } from "../../src/index.ts"
import { LONGEST_DOCUMENT } from "../../src/rules/documentText.ts"
import { databases, withLedger } from "../support/databases.ts"

const ada = { requestedBy: "ada", source: "http" } as const
const bob = { requestedBy: "bob", source: "cli" } as const

const evening: ScheduleDraft = {
  name: "evening",
  when: { cron: "0 20 * * *", zone: "UTC" },
  selector: { all: true },
  change: { target: "paused", pauseReason: "COMPLIANCE" }
}
const later: ScheduleDraft = { ...evening, when: { cron: "0 23 * * *", zone: "UTC" } }

const campaign = (index: number) =>
  CampaignId.make(`00000000-0000-4000-8000-${String(index).padStart(12, "0")}`)
const [a, b] = [campaign(1), campaign(2)]

const policyOf = (window: string, minimumAgents?: number): CampaignPolicy => ({
  window: Result.getOrThrow(parseWindow(window)),
  ...(minimumAgents === undefined ? {} : { minimumAgents })
})

const told = (query: AuditQuery = {}) =>
  AuditLog.use((log) => Stream.runCollect(log.query({ kind: "rules-changed", ...query })))

const rulesTold = Effect.map(told(), (entries) => entries.map(({ rules }) => rules))

const change = (
  put: ReadonlyArray<readonly [CampaignId, CampaignPolicy]>,
  remove: PolicyChange["remove"] = [],
  divisionId: string | null = null
) =>
  Effect.gen(function* () {
    const store = yield* PolicyStore
    const tell = tellPolicies(yield* AuditLog, "emea", { ...ada, divisionId })
    yield* store.change({ managedBy: "emea", by: "ada", put, remove }, tell)
  })

/** What is kept of everything, as one text. */
const keptNow = Effect.gen(function* () {
  const [policies, schedules] = [yield* PolicyStore, yield* Schedules]
  return canonicalText([yield* policies.all, yield* schedules.list({})])
})

/** Has the ledger fail while something is done. */
const whileRefused = <A, E, R>(work: Effect.Effect<A, E, R>) =>
  SqlClient.SqlClient.use((sql) =>
    Effect.acquireUseRelease(
      sql`ALTER TABLE ledger_head RENAME TO ledger_head_away`,
      () => work,
      () => Effect.orDie(sql`ALTER TABLE ledger_head_away RENAME TO ledger_head`)
    )
  )

describe.each(databases)("rules that are changed on %s", (_name, database) => {
  const on = (
    name: string,
    test: Effect.Effect<void, unknown, Schedules | PolicyStore | SqlClient.SqlClient | AuditLog>
  ) =>
    it.live(name, () =>
      Effect.provide(
        test,
        Layer.merge(layerSchedules(), PolicyStore.layer).pipe(
          Layer.provideMerge(withLedger(database))
        ),
        { local: true }
      )
    )

  on(
    "are told with who changed what from what to what, and where from",
    Effect.gen(function* () {
      const schedules = yield* Schedules
      const { view } = yield* schedules.add({ draft: evening, ...ada })
      yield* schedules.replace({ draft: later, ...bob })
      yield* schedules.remove("evening", ada)
      yield* change([
        [a, policyOf("09:00-20:00 UTC", 3)],
        [b, { minimumAgents: 4 }]
      ])
      yield* change([[a, policyOf("00:00-24:00 UTC", 3)]], [b])
      const document = (draft: ScheduleDraft, createdBy: string) =>
        canonicalText({
          ...draft,
          id: view.schedule.id,
          enabled: true,
          createdBy,
          managedBy: null,
          divisionIds: null
        })
      const [was, is] = [document(evening, "ada"), document(later, "bob")]
      const of = (policies: object) => canonicalText(policies)
      const narrow = {
        [a]: { window: "09:00-20:00 UTC", minimumAgents: 3 },
        [b]: { minimumAgents: 4 }
      }
      const entries = yield* told()
      assert.deepStrictEqual(
        entries.map(({ requestedBy, rules, source }) => [requestedBy, source, rules]),
        [
          ["ada", "http", { what: "schedule-added", name: "evening", after: was }],
          ["bob", "cli", { what: "schedule-replaced", name: "evening", before: was, after: is }],
          ["ada", "http", { what: "schedule-removed", name: "evening", before: is }],
          ["ada", "http", { what: "policies-applied", name: "emea", after: of(narrow) }],
          [
            "ada",
            "http",
            {
              what: "policies-applied",
              name: "emea",
              before: of(narrow),
              after: of({ [a]: { window: "00:00-24:00 UTC", minimumAgents: 3 } })
            }
          ]
        ]
      )
      for (const { campaignId, campaignName, rules } of entries)
        assert.deepStrictEqual([campaignId, campaignName], [NO_SINGLE_CAMPAIGN, rules?.name])
      assert.strictEqual((yield* AuditLog.use(({ verify }) => verify))._tag, "Intact")
    })
  )

  on(
    "are not told of where nothing is different, or nothing was done",
    Effect.gen(function* () {
      const schedules = yield* Schedules
      yield* schedules.add({ draft: evening, ...ada })
      yield* change([[a, policyOf("09:00-20:00 UTC", 3)]])
      const before = yield* rulesTold
      yield* schedules.replace({ draft: { ...evening, enabled: true }, ...ada })
      yield* change([[a, policyOf("09:00-20:00 UTC", 3)]], [b])
      yield* change([])
      for (const refused of [
        Effect.asVoid(schedules.add({ draft: later, ...bob })),
        Effect.asVoid(schedules.add({ draft: { ...later, name: "" }, ...bob })),
        Effect.asVoid(schedules.replace({ draft: { ...later, name: "nobody's" }, ...bob })),
        Effect.asVoid(schedules.remove("nobody's", bob)),
        Effect.asVoid(schedules.remove("evening", { ...bob, divisionIds: ["north"] }))
      ])
        yield* Effect.flip(refused)
      assert.lengthOf(before, 2)
      assert.deepStrictEqual(yield* rulesTold, before)
      // Who answers for what its firings do is a part of a schedule.
      yield* schedules.replace({ draft: evening, ...bob })
      assert.lengthOf(yield* rulesTold, 3)
    })
  )

  on(
    "stay as they were where the ledger cannot be told",
    Effect.gen(function* () {
      const schedules = yield* Schedules
      yield* schedules.add({ draft: evening, ...ada })
      yield* change([[a, policyOf("09:00-20:00 UTC")]])
      const before = [yield* keptNow, yield* rulesTold]
      for (const untold of [
        Effect.asVoid(schedules.add({ draft: { ...later, name: "other" }, ...bob })),
        Effect.asVoid(schedules.replace({ draft: later, ...bob })),
        Effect.asVoid(schedules.remove("evening", bob)),
        change([[b, policyOf("00:00-24:00 UTC")]], [a])
      ]) {
        assert.instanceOf(yield* Effect.flip(whileRefused(untold)), AuditUnavailable)
        assert.deepStrictEqual([yield* keptNow, yield* rulesTold], before)
        yield* untold
        assert.notStrictEqual(yield* keptNow, before[0])
        before[0] = yield* keptNow
        before[1] = yield* rulesTold
      }
    })
  )

  on(
    "take back what was told of them where they are not made after all",
    Effect.gen(function* () {
      const [ledger, store] = [yield* AuditLog, yield* PolicyStore]
      const tell = tellPolicies(ledger, "emea", { ...ada, divisionId: null })
      const late = new AuditUnavailable({ detail: "too late.", changeMayHaveHappened: false })
      const put = [[a, policyOf("09:00-20:00 UTC")]] as const
      const error = yield* Effect.flip(
        store.change({ managedBy: "emea", by: "ada", put, remove: [] }, (changed) =>
          Effect.andThen(tell(changed), Effect.fail(late))
        )
      )
      assert.strictEqual(error, late)
      assert.deepStrictEqual([yield* store.all, yield* rulesTold], [[], []])
      yield* change(put)
      assert.deepStrictEqual(
        (yield* told()).map(({ sequence }) => sequence),
        [1]
      )
      assert.strictEqual((yield* ledger.verify)._tag, "Intact")
    })
  )

  on(
    "are told to whoever may see them themselves alone",
    Effect.gen(function* () {
      const schedules = yield* Schedules
      const add = (name: string, selector: object, divisionIds?: ReadonlyArray<string>) =>
        schedules.add({
          draft: { ...evening, name, selector },
          ...ada,
          ...(divisionIds === undefined ? {} : { divisionIds })
        })
      yield* add("of all", { all: true })
      yield* add("selects north", { divisionIds: ["north"] })
      yield* add("by north", { all: true }, ["north"])
      yield* add("by both", { all: true }, ["north", "south"])
      yield* add("of nobody", { all: true }, [])
      // From one division's to every one's: the entry shows both.
      yield* schedules.replace({
        draft: { ...evening, name: "selects north", selector: { all: true } },
        ...ada
      })
      yield* change([[a, { minimumAgents: 3 }]])
      yield* change([[b, { minimumAgents: 3 }]], [], "north")
      const namesFor = (divisionIds: ReadonlyArray<string>) =>
        Effect.map(told({ divisionIds }), (all) => all.map(({ campaignName }) => campaignName))
      assert.deepStrictEqual(yield* namesFor(["north"]), ["selects north", "by north", "emea"])
      assert.deepStrictEqual(yield* namesFor(["south"]), [])
      assert.deepStrictEqual(yield* namesFor([]), [])
      assert.lengthOf(yield* told(), 8)
    })
  )

  on(
    "are told of many at the same time, each once, while the ledger is told of much else",
    Effect.gen(function* () {
      const schedules = yield* Schedules
      const ledger = yield* AuditLog
      const names = Array.from({ length: 40 }, (_, index) => `schedule ${index}`)
      const changes = names.map((name, index) =>
        Effect.andThen(
          schedules.add({ draft: { ...evening, name }, ...ada }),
          change([[campaign(index), { minimumAgents: index + 1 }]])
        )
      )
      const others = names.map(() => Effect.asVoid(ledger.append(auditDraft())))
      yield* Effect.all([...others, ...changes, ...others], { concurrency: "unbounded" })
      const entries = yield* told()
      const added = entries.flatMap(({ rules }) =>
        rules?.what === "schedule-added" ? [rules.name] : []
      )
      assert.sameMembers(added, names)
      assert.lengthOf(entries, 2 * names.length)
      assert.strictEqual((yield* ledger.verify)._tag, "Intact")
      // By a clock that stands still: what waits for one another must not be helped by a time limit.
    }).pipe(Effect.provide(TestClock.layer()))
  )

  on(
    "are told whole of a file of any size, in entries that stay small",
    Effect.gen(function* () {
      const put = Array.from(
        { length: 1_500 },
        (_, index) => [campaign(index), policyOf("09:00-20:00 UTC", 3)] as const
      )
      yield* change(put)
      const texts = (yield* rulesTold).map((rules) => rules?.after ?? "")
      assert.isAbove(texts.length, 2)
      for (const text of texts) assert.isAtMost(text.length, LONGEST_DOCUMENT)
      const campaigns = texts.flatMap((text) => Object.keys(JSON.parse(text)))
      assert.sameMembers(
        campaigns,
        put.map(([id]) => id)
      )
    })
  )

  on(
    "are told cut where one alone is too long, with what tells whether it is the one",
    Effect.gen(function* () {
      const schedules = yield* Schedules
      const ids = Array.from({ length: 2_000 }, (_, index) => campaign(index))
      const { view } = yield* schedules.add({ draft: { ...evening, selector: { ids } }, ...ada })
      const { createdAt: _at, ...schedule } = view.schedule
      const whole = canonicalText({ ...schedule, managedBy: null, divisionIds: null })
      const digest = createHash("sha256").update(whole).digest("hex")
      const [rules] = yield* rulesTold
      assert.strictEqual(
        rules?.after,
        `${whole.slice(0, LONGEST_DOCUMENT)}… (${whole.length} characters, SHA-256 ${digest})`
      )
    })
  )
})
