import { isViolation, type ProgressEvent, type ProgressListener } from "@campaignctl/core"
import { Effect } from "effect"
import type { Sink } from "./Sink.ts"

const MILLIS_PER_SECOND = 1_000

type Measure<Tag extends ProgressEvent["_tag"]> = (
  event: Extract<ProgressEvent, { readonly _tag: Tag }>,
  sink: Sink
) => void

const measures: { readonly [Tag in ProgressEvent["_tag"]]?: Measure<Tag> } = {
  Ended: ({ outcome, target }, sink) => sink("transitions", 1, { target, outcome }),
  Sending: ({ attempt }, sink) => sink("attempts", 1, { try: attempt === 1 ? "first" : "retry" }),
  Waiting: ({ cause, delayMs }, sink) => {
    // The waits between two looks at a drain are told as one, when it has ended.
    if (cause !== "drain") sink("waits", delayMs / MILLIS_PER_SECOND, { cause })
  },
  DrainEnded: ({ result, waitedMs }, sink) =>
    sink("drains", waitedMs / MILLIS_PER_SECOND, { result }),
  BudgetSeen: ({ allowed, kept, used }, sink) => {
    sink("budgetUsed", used, {})
    sink("budgetLeft", Math.max(0, allowed - used), {})
    sink("budgetKept", kept, {})
  },
  BudgetTaken: ({ class: budgetClass, reason, waitedMs }, sink) =>
    sink("budgetWaits", waitedMs / MILLIS_PER_SECOND, { class: budgetClass, reason }),
  OperationEnded: ({ kind, status }, sink) => sink("operations", 1, { kind, status }),
  ItemsEnded: ({ count, kind, status }, sink) =>
    sink("operationCampaigns", count, { kind, status }),
  HaltEnded: ({ drainedMs, firstStopMs, lastAcceptMs, noNewDialsMs }, sink) => {
    const steps = {
      "first-stop": firstStopMs,
      "last-accept": lastAcceptMs,
      "no-new-dials": noNewDialsMs,
      drained: drainedMs
    }
    for (const [step, ms] of Object.entries(steps))
      if (ms !== null) sink("halts", ms / MILLIS_PER_SECOND, { step })
  },
  GuardLooked: ({ looked, tookMs }, sink) =>
    sink("guardCycles", tookMs / MILLIS_PER_SECOND, { result: looked ? "Looked" : "Failed" }),
  WatchSeen: ({ heard, listed }, sink) => {
    sink("watched", heard, { by: "events" })
    sink("watched", listed, { by: "lists" })
  },
  MessageSent: ({ result, tookMs }, sink) =>
    sink("messages", tookMs / MILLIS_PER_SECOND, { result }),
  ClusterSeen: ({ operations, runners, shards }, sink) => {
    sink("runners", runners.healthy, { health: "healthy" })
    sink("runners", runners.unhealthy, { health: "unhealthy" })
    sink("shards", shards.here, { holder: "here" })
    sink("shards", shards.elsewhere, { holder: "elsewhere" })
    sink("shards", shards.free, { holder: "nobody" })
    sink("operationsOpen", operations, {})
  },
  Recorded: ({ entry, tookMs }, sink) => {
    sink("appends", tookMs / MILLIS_PER_SECOND, { kind: entry.kind })
    if (entry.outcome === "rejected")
      for (const { guard } of entry.verdicts.filter(isViolation)) sink("refusals", 1, { guard })
  }
}

/** Measures what runs report. */
export const measuring = (sinks: ReadonlyArray<Sink>): ProgressListener => {
  const sink: Sink = (metric, value, labels) => {
    for (const each of sinks) each(metric, value, labels)
  }
  return {
    report: (event) => {
      // The table pairs each tag with its own event, which an index by a union cannot show.
      const measure = measures[event._tag] as Measure<typeof event._tag> | undefined
      return measure === undefined ? Effect.void : Effect.sync(() => measure(event, sink))
    }
  }
}
