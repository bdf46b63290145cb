import type { SimulatorReady } from "@campaignctl/genesys-simulator"
import type { ClusterState, Operation, Submission } from "@campaignctl/operations"

/** What a runner is, in its first argument, as JSON. */
export interface RunnerTask {
  readonly database:
    | { readonly _tag: "Sqlite"; readonly filename: string }
    | { readonly _tag: "Postgres"; readonly url: string; readonly port: number }
  readonly simulator: SimulatorReady
}

/** What a runner is told to do, one order after the other. */
export type RunnerOrder =
  /** Submit all at once; where `watched`, answer when all are over. */
  | {
      readonly _tag: "Submit"
      readonly submissions: ReadonlyArray<Submission>
      readonly watched: boolean
    }
  | { readonly _tag: "Show" }

/** What a runner answers; the first when it has started. */
export type RunnerAnswer =
  | { readonly _tag: "Ready" }
  | { readonly _tag: "Submitted"; readonly operations: ReadonlyArray<Operation> }
  | { readonly _tag: "Shown"; readonly state: ClusterState }
