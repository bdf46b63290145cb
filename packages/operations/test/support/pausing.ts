import { type FleetSpec, OperationId, type Submission } from "../../src/index.ts"

/** The one operation of a test. */
export const OPERATION = OperationId.make("0198a7d2-0000-7000-8000-000000000001")

/** A fleet that pauses what is selected, one campaign after the other unless it says otherwise. */
export const pausing = (
  selector: FleetSpec["selector"],
  more: Partial<Omit<FleetSpec, "_tag" | "selector">> = {}
) =>
  ({
    id: OPERATION,
    spec: {
      _tag: "Fleet",
      selector,
      change: { target: "paused", pauseReason: "OTHER" },
      order: "listed",
      concurrency: 1,
      maxFailures: null,
      ...more
    },
    requestedBy: "ada",
    source: "library"
  }) as const satisfies Submission
