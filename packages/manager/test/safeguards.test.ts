import { join } from "node:path"
import { CampaignId, type LedgerConfig, sqliteLedger } from "@campaignctl/core"
import { layerLedgerClient } from "@campaignctl/ledger-sql"
import { HoldStore, holdStoreSql, PolicyStore } from "@campaignctl/operations"
import { freshDatabase } from "@campaignctl/postgres-server/fresh"
import { Effect, Layer, Redacted } from "effect"
import { SqlClient } from "effect/sql"
import { expect, it } from "vitest"
import { CampaignStateManager, TransitionRejectedError } from "../src/index.ts"
import { simulatorProcess } from "./support/simulatorProcess.ts"
import { temporaryFolder } from "./support/temporaryFolder.ts"
import { thrownBy } from "./support/thrownBy.ts"

const DIALLING = "Spring Renewals UK"
const OFF = "Winback Lapsed Customers"
const AGENTS = 5

const hold = {
  id: "00000000-0000-7000-8000-000000000001",
  name: "Easter",
  scope: {},
  raisedBy: "ada",
  raisedAt: "2026-11-23T12:00:00.000Z",
  reason: "COMPLIANCE",
  source: "cli",
  requestId: null
} as const
const lift = { liftedBy: "bob", liftedAt: "2026-11-23T13:00:00.000Z", note: null, sequence: 9 }

const untold = () => Effect.void
const stores = Layer.merge(holdStoreSql, PolicyStore.layer)

/** As another program on the same database does it. */
const beside = <A>(
  ledger: LedgerConfig,
  work: Effect.Effect<A, unknown, HoldStore | PolicyStore | SqlClient.SqlClient>
): Promise<A> =>
  Effect.runPromise(
    Effect.provide(work, Layer.provideMerge(stores, layerLedgerClient(ledger)), { local: true })
  )

/** The same, where the tables of the stores are not to be made. */
const onTables = (
  ledger: LedgerConfig,
  work: Effect.Effect<unknown, unknown, SqlClient.SqlClient>
) => Effect.runPromise(Effect.provide(work, layerLedgerClient(ledger), { local: true }))

const statement = (text: string) => SqlClient.SqlClient.use((sql) => sql.unsafe(text))

/** Which guards refuse. */
const refusedBy = async (start: () => Promise<unknown>): Promise<ReadonlyArray<string>> => {
  const error = await thrownBy(start)
  expect(error).toBeInstanceOf(TransitionRejectedError)
  // The line above has shown what it is.
  return (error as TransitionRejectedError).violations.map(
    ({ guard, status }) => `${guard} ${status}`
  )
}

/** A manager on a database, a campaign that dials, and one that is off and has its agents. */
const world = async (ledgerOf: (folder: string) => Promise<LedgerConfig>) => {
  const stack = new AsyncDisposableStack()
  const simulator = stack.use(await simulatorProcess())
  const ledger = await ledgerOf(stack.use(temporaryFolder()).path)
  const [dialling, off] = [simulator.campaign(DIALLING), simulator.campaign(OFF)]
  await simulator.agents(off, AGENTS)
  const databaseUrl =
    ledger._tag === "Sqlite" ? `file:${ledger.filename}` : Redacted.value(ledger.url)
  const env = simulator.env("platform", "")
  const manager = stack.use(await CampaignStateManager.create({ env, databaseUrl }))
  return { dialling, ledger, manager, off, [Symbol.asyncDispose]: () => stack.disposeAsync() }
}

const onSqlite = async (folder: string) => sqliteLedger(join(folder, "ledger.db"))
const onPostgres = async (): Promise<LedgerConfig> => ({
  _tag: "Postgres",
  url: Redacted.make(await freshDatabase()),
  place: "the test's database"
})

it.each([
  ["SQLite", onSqlite],
  ["PostgreSQL", onPostgres]
] as const)("starts nothing that a halt holds until it is lifted, on %s", async (_name, on) => {
  await using one = await world(on)
  const { dialling, ledger, manager, off } = one
  const start = () => manager.transitionState(off, "active")
  await beside(
    ledger,
    HoldStore.use((store) => store.raise(hold))
  )

  expect(await refusedBy(start)).toEqual(["hold failed"])
  expect(await manager.explain(off, "active")).toMatchObject({ outcome: "rejected" })
  expect(await manager.transitionState(dialling, "paused", "OTHER")).toMatchObject({
    outcome: "applied"
  })
  await beside(
    ledger,
    HoldStore.use((store) => store.lift(hold.id, lift))
  )
  expect(await start()).toMatchObject({ outcome: "applied", state: "active" })
})

it.each([
  ["SQLite", onSqlite],
  ["PostgreSQL", onPostgres]
] as const)("judges a start by what is said of the campaign alone, on %s", async (_name, on) => {
  await using one = await world(on)
  const { ledger, manager, off } = one
  const id = CampaignId.make(off)
  const start = () => manager.transitionState(off, "active")
  const change = { managedBy: "fleet.yaml", by: "ada", put: [], remove: [] }
  const put = [[id, { minimumAgents: AGENTS + 1 }]] as const
  await beside(
    ledger,
    PolicyStore.use((store) => store.change({ ...change, put }, untold))
  )

  expect(await refusedBy(start)).toEqual(["capacity failed"])
  await beside(
    ledger,
    PolicyStore.use((store) => store.change({ ...change, remove: [id] }, untold))
  )
  expect(await start()).toMatchObject({ outcome: "applied", state: "active" })
})

it("asks neither for a stop, and starts nothing while they cannot be read", async () => {
  await using one = await world(onSqlite)
  const { dialling, ledger, manager, off } = one
  const start = () => manager.transitionState(off, "active")
  // Tables of the same names that somebody else has made: ours cannot be.
  await onTables(ledger, statement("CREATE TABLE holds (other TEXT)"))

  expect(await manager.transitionState(dialling, "paused", "OTHER")).toMatchObject({
    outcome: "applied"
  })
  const ours = statement("SELECT name FROM sqlite_master WHERE name = 'campaign_policies'")
  expect(await onTables(ledger, ours)).toEqual([])
  expect(await refusedBy(start)).toContain("hold unknown")
  await onTables(ledger, statement("DROP TABLE holds"))
  expect(await start()).toMatchObject({ outcome: "applied", state: "active" })

  await beside(
    ledger,
    HoldStore.use((store) => store.raise(hold))
  )
  await onTables(ledger, statement("UPDATE holds SET scope = 'nonsense'"))
  expect(await manager.transitionState(off, "paused", "OTHER")).toMatchObject({
    outcome: "applied"
  })
  await manager.awaitDrain(off, { timeoutMs: 30_000 })
  expect(await refusedBy(start)).toEqual(["hold unknown"])
})
