import {
  type AuditUnavailable,
  type CampaignId,
  CampaignPolicies,
  type CampaignPolicy,
  decodeWindow,
  unknown
} from "@campaignctl/core"
import { Array, Clock, Context, Effect, Equal, Layer, Result } from "effect"
import { SqlClient } from "effect/sql"
import { inOneTransaction } from "../database/inOneTransaction.ts"
import { openTables } from "../database/openTables.ts"
import { orUnavailable } from "../database/unavailable.ts"
import { OperationsUnavailable } from "../domain/errors.ts"

/** Ids in one statement: under the 32,766 parameters of SQLite. */
const IDS_PER_STATEMENT = 1_000

const MIGRATIONS_TABLE = "policy_migrations"

const first = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient
  const strict = sql.literal(sql.onDialectOrElse({ pg: () => "", orElse: () => "STRICT" }))
  yield* sql`CREATE TABLE campaign_policies (
    campaign_id TEXT PRIMARY KEY,
    managed_by TEXT NOT NULL,
    calling_window TEXT,
    minimum_agents INTEGER,
    updated_at TEXT NOT NULL,
    updated_by TEXT NOT NULL
  ) ${strict}`
})

/** A campaign's policy, and the file that it comes from. */
export interface ManagedPolicy {
  readonly campaignId: string
  readonly managedBy: string
  readonly policy: CampaignPolicy
}

/** Policies to be kept, and campaigns that shall have none of their own any more. */
export interface PolicyChange {
  readonly managedBy: string
  readonly by: string
  readonly put: ReadonlyArray<readonly [CampaignId, CampaignPolicy]>
  readonly remove: ReadonlyArray<CampaignId>
}

/** A campaign of which something else is kept than before; null where nothing was, or is. */
export interface ChangedPolicy {
  readonly campaignId: CampaignId
  readonly before: ManagedPolicy | null
  readonly after: ManagedPolicy | null
}

/** What is to be told of a change, and fails where it must not be made. */
export type TellPolicies = (
  changed: ReadonlyArray<ChangedPolicy>
) => Effect.Effect<void, AuditUnavailable>

interface Row {
  readonly campaign_id: string
  readonly managed_by: string
  readonly calling_window: string | null
  readonly minimum_agents: number | bigint | null
}

const policyOf = (row: Row): Effect.Effect<ManagedPolicy, OperationsUnavailable> => {
  const window =
    row.calling_window === null
      ? Result.succeed(undefined)
      : decodeWindow(JSON.parse(row.calling_window))
  // A window that cannot be read must not be taken for none.
  return Result.isFailure(window)
    ? Effect.fail(
        new OperationsUnavailable({
          detail: `the calling window that is kept of campaign ${row.campaign_id} cannot be read.`
        })
      )
    : Effect.succeed({
        campaignId: row.campaign_id,
        managedBy: row.managed_by,
        policy: {
          ...(window.success === undefined ? {} : { window: window.success }),
          ...(row.minimum_agents === null ? {} : { minimumAgents: Number(row.minimum_agents) })
        }
      })
}

const isSame = (one: ManagedPolicy | null, other: ManagedPolicy | null): boolean =>
  one === null || other === null
    ? one === other
    : one.managedBy === other.managedBy && Equal.equals(one.policy, other.policy)

const make = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient
  yield* openTables(MIGRATIONS_TABLE, [[1, "policies", Effect.succeed(first)]])

  const all = Effect.flatMap(
    sql<Row>`SELECT * FROM campaign_policies ORDER BY campaign_id`,
    (rows) => Effect.forEach(rows, policyOf)
  )

  const of = Effect.fnUntraced(function* (id: CampaignId) {
    const [row] = yield* sql<Row>`SELECT * FROM campaign_policies WHERE campaign_id = ${id}`
    return row === undefined ? undefined : yield* policyOf(row)
  })

  const put = Effect.fnUntraced(function* (
    { by, managedBy }: PolicyChange,
    [id, { minimumAgents, window }]: readonly [CampaignId, CampaignPolicy]
  ) {
    const row = {
      managed_by: managedBy,
      calling_window: window === undefined ? null : JSON.stringify(window),
      minimum_agents: minimumAgents ?? null,
      updated_at: new Date(yield* Clock.currentTimeMillis).toISOString(),
      updated_by: by
    }
    yield* sql`INSERT INTO campaign_policies ${sql.insert({ campaign_id: id, ...row })}
      ON CONFLICT (campaign_id) DO UPDATE SET ${sql.update(row)}`
  })

  // Readers are not kept waiting. A file's transaction has its turn already.
  const takeTurns = sql.onDialectOrElse({
    pg: () => sql`LOCK TABLE campaign_policies IN SHARE ROW EXCLUSIVE MODE`,
    orElse: () => Effect.void
  })

  const keptOf = Effect.fnUntraced(function* (ids: ReadonlyArray<CampaignId>) {
    const pages = yield* Effect.forEach(
      Array.chunksOf(ids, IDS_PER_STATEMENT),
      (page) => sql<Row>`SELECT * FROM campaign_policies WHERE ${sql.in("campaign_id", page)}`
    )
    const kept = yield* Effect.forEach(pages.flat(), policyOf)
    return new Map(kept.map((one) => [one.campaignId, one]))
  })

  const changesOf = Effect.fnUntraced(function* ({ managedBy, put: wanted, remove }: PolicyChange) {
    const asked: ReadonlyArray<readonly [CampaignId, CampaignPolicy | null]> = [
      ...wanted,
      ...remove.map((id) => [id, null] as const)
    ]
    const kept = yield* keptOf(asked.map(([id]) => id))
    return asked.flatMap(([campaignId, policy]): ReadonlyArray<ChangedPolicy> => {
      const before = kept.get(campaignId) ?? null
      const after = policy === null ? null : { campaignId, managedBy, policy }
      return isSame(before, after) ? [] : [{ campaignId, before, after }]
    })
  })

  const change = Effect.fnUntraced(function* (asked: PolicyChange, tell: TellPolicies) {
    yield* takeTurns
    const changed = yield* changesOf(asked)
    if (changed.length === 0) return
    for (const { after, campaignId } of changed)
      yield* after === null
        ? sql`DELETE FROM campaign_policies WHERE campaign_id = ${campaignId}`
        : put(asked, [campaignId, after.policy])
    yield* tell(changed)
  })

  return {
    all: orUnavailable(all),
    of: (id: CampaignId) => orUnavailable(of(id)),
    change: (asked: PolicyChange, tell: TellPolicies) =>
      orUnavailable(inOneTransaction(sql)(change(asked, tell)))
  }
})

/** Keeps the windows and minimums of single campaigns, in the database that the processes share. */
export class PolicyStore extends Context.Service<
  PolicyStore,
  {
    readonly all: Effect.Effect<ReadonlyArray<ManagedPolicy>, OperationsUnavailable>
    readonly of: (id: CampaignId) => Effect.Effect<ManagedPolicy | undefined, OperationsUnavailable>
    /**
     * All of it or nothing, what is told of it included, where that is written on the same client. Nothing
     * is told where nothing changes.
     */
    readonly change: (
      asked: PolicyChange,
      tell: TellPolicies
    ) => Effect.Effect<void, AuditUnavailable | OperationsUnavailable>
  }
>()("@campaignctl/operations/PolicyStore") {
  static readonly layer: Layer.Layer<PolicyStore, OperationsUnavailable, SqlClient.SqlClient> =
    Layer.effect(PolicyStore, make)
}

/** Core's `CampaignPolicies` over the store: every start is judged by what is kept at that moment. */
export const layerCampaignPolicies: Layer.Layer<never, never, PolicyStore> = Layer.effect(
  CampaignPolicies,
  PolicyStore.useSync(({ of }) => ({
    policyFor: ({ id }) =>
      Effect.match(of(id), {
        onSuccess: (found) => found?.policy ?? {},
        onFailure: ({ message }) => unknown(message)
      })
  }))
)
