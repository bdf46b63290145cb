import {
  type CampaignId,
  CampaignPolicies,
  type CampaignPolicy,
  decodeWindow,
  unknown
} from "@campaignctl/core"
import { Clock, Context, Effect, Layer, Result } from "effect"
import { SqlClient } from "effect/sql"
import { openTables } from "../database/openTables.ts"
import { orUnavailable } from "../database/unavailable.ts"
import { OperationsUnavailable } from "../domain/errors.ts"

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

  const change = (asked: PolicyChange) =>
    sql.withTransaction(
      Effect.andThen(
        Effect.forEach(asked.put, (one) => put(asked, one), { discard: true }),
        Effect.forEach(
          asked.remove,
          (id) => sql`DELETE FROM campaign_policies WHERE campaign_id = ${id}`,
          { discard: true }
        )
      )
    )

  return {
    all: orUnavailable(all),
    of: (id: CampaignId) => orUnavailable(of(id)),
    change: (asked: PolicyChange) => orUnavailable(change(asked))
  }
})

/** Keeps the windows and minimums of single campaigns, in the database that the processes share. */
export class PolicyStore extends Context.Service<
  PolicyStore,
  {
    readonly all: Effect.Effect<ReadonlyArray<ManagedPolicy>, OperationsUnavailable>
    readonly of: (id: CampaignId) => Effect.Effect<ManagedPolicy | undefined, OperationsUnavailable>
    /** All of it or nothing. */
    readonly change: (asked: PolicyChange) => Effect.Effect<void, OperationsUnavailable>
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
