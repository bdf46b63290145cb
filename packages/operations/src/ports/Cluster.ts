import { Context, type Effect } from "effect"
import type { OperationsUnavailable } from "../domain/errors.ts"

/** One process that carries operations on. */
export interface Runner {
  /** `host:port`, by which the others reach it. */
  readonly address: string
  readonly healthy: boolean
  /** Whether it is the process that answers. */
  readonly self: boolean
  /** When it last gave a sign of life. ISO 8601 in UTC, milliseconds; null where only one can be. */
  readonly lastSeen: string | null
  /** Shards that it holds: its part of the campaigns and operations. */
  readonly shards: number
  /** Operations that are not over and that it carries on. */
  readonly operations: number
}

/** Who carries on what. */
export interface ClusterState {
  /** `single`: one process alone, on SQLite. */
  readonly mode: "single" | "cluster"
  readonly runners: ReadonlyArray<Runner>
  readonly shardsTotal: number
  /** Shards that nobody holds now; operations on them wait. */
  readonly shardsFree: number
}

/** Shows which processes share the work. */
export class Cluster extends Context.Service<
  Cluster,
  { readonly state: Effect.Effect<ClusterState, OperationsUnavailable> }
>()("@campaignctl/operations/Cluster") {}
