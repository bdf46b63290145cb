import { defaultRetryPolicy } from "@campaignctl/core"
import { Context } from "effect"
import { liveWriters } from "./liveWriters.ts"
import type { Writer } from "./Writer.ts"

/** Milliseconds beyond the deadline: the last request's own time, and clocks that differ between hosts. */
const MARGIN_MS = 120_000

/**
 * Milliseconds after which an intent is abandoned where it cannot be seen whether its writer runs,
 * as on another host: no run lives past the retry deadline, 180 s unless configured, and the margin.
 */
export const ABANDONED_AFTER_MS = defaultRetryPolicy.deadlineMs + MARGIN_MS

/**
 * Tells whether the writer of an intent still runs. This process's own intents are never abandoned.
 *
 * The default looks at the operating system; tests put their own in its place.
 */
export class Writers extends Context.Reference<{
  readonly self: Writer
  /** `undefined` where it cannot be seen from here. */
  readonly runs: (writer: Writer) => boolean | undefined
}>("@campaignctl/ledger-sql/Writers", { defaultValue: liveWriters }) {}

/**
 * Whether nobody will write this intent's outcome any more. The deadline is the retry policy's, in
 * milliseconds, and taken to be the same in every process on one ledger.
 */
export const isAbandoned = (
  runs: boolean | undefined,
  ageMs: number,
  deadlineMs = defaultRetryPolicy.deadlineMs
): boolean => (runs === undefined ? ageMs >= deadlineMs + MARGIN_MS : !runs)
