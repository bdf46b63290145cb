import { defaultRetryPolicy } from "@campaignctl/core"
import { Context, Effect } from "effect"
import type { SqlError } from "effect/sql"
import { liveWriters } from "./liveWriters.ts"
import type { Writer } from "./Writer.ts"

/** Milliseconds beyond the deadline: the last request's own time, and clocks that differ between hosts. */
const MARGIN_MS = 120_000

/**
 * Milliseconds after which an intent is abandoned where it cannot be seen whether its writer runs,
 * as on another host: no run lives past the retry deadline, 180 s unless configured, and the margin.
 */
export const ABANDONED_AFTER_MS = defaultRetryPolicy.deadlineMs + MARGIN_MS

/** Those who write to one database. */
export interface WriterRegistry {
  /** This process. */
  readonly self: Writer
  /**
   * Lets the others see that this process runs, for as long as it does. Needed before anything is
   * written under its name; costs nothing when it was done a moment ago.
   */
  readonly attend: Effect.Effect<void, SqlError.SqlError>
  /** Whether a writer still runs; `undefined` where it cannot be seen from here. */
  readonly runs: (writer: Writer) => Effect.Effect<boolean | undefined, SqlError.SqlError>
}

/**
 * Tells whether the writer of an intent still runs. This process's own intents are never abandoned.
 *
 * The default looks at the operating system, which is enough for a file. A database on a server
 * brings its own; tests put theirs in its place.
 */
export class Writers extends Context.Reference<WriterRegistry>("@campaignctl/ledger-sql/Writers", {
  defaultValue: () => {
    const { runs, self } = liveWriters()
    return { self, attend: Effect.void, runs: (writer) => Effect.sync(() => runs(writer)) }
  }
}) {}

/**
 * Whether nobody will write this intent's outcome any more. The deadline is the retry policy's, in
 * milliseconds, and taken to be the same in every process on one ledger.
 */
export const isAbandoned = (
  runs: boolean | undefined,
  ageMs: number,
  deadlineMs = defaultRetryPolicy.deadlineMs
): boolean => (runs === undefined ? ageMs >= deadlineMs + MARGIN_MS : !runs)
