import { anyOf, AuditKind, budgetClasses, GuardName } from "@campaignctl/core"

/** One metric: what OpenTelemetry and Prometheus are told of it, and what it is recorded under. */
export interface Definition {
  /** OpenTelemetry's name; Prometheus' is made from it. */
  readonly name: string
  readonly kind: "counter" | "gauge" | "histogram"
  /** As UCUM writes it: `s`, or what is counted in braces. */
  readonly unit: string
  readonly description: string
  /** Every label, and the values that it has. */
  readonly labels: Readonly<Record<string, string>>
  /** For a histogram: the upper bounds of its buckets, in the unit. */
  readonly boundaries?: ReadonlyArray<number>
}

/** Seconds: an append is a disk's work, from a tenth of a millisecond to a second under load. */
const APPEND_SECONDS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1]
/** Seconds: back-off begins below 1 s and is capped at 30 s; a rate limit's window is 60 s. */
const WAIT_SECONDS = [0.1, 0.25, 0.5, 1, 2, 4, 8, 15, 30, 60, 120]
/** Seconds: as long as calls last, from moments to half an hour. */
const DRAIN_SECONDS = [1, 5, 15, 30, 60, 120, 300, 600, 1800]

/** Seconds: a stop is to leave within one, and a proof takes some twenty. */
const HALT_SECONDS = [0.1, 0.25, 0.5, 1, 2, 5, 10, 20, 30, 60, 120, 300]
/** Seconds: a look is a few requests, each a tenth of a second or a wait for the budget. */
const LOOK_SECONDS = [0.1, 0.25, 0.5, 1, 2, 5, 10, 30, 60]
/** Seconds: a receiver nearby answers within milliseconds, and none is waited for longer than 15 s. */
const MESSAGE_SECONDS = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 15]

/** Every metric. The code, `/metrics`, OpenTelemetry and the documentation take it from here. */
export const definitions = {
  transitions: {
    name: "campaignctl.transitions",
    kind: "counter",
    unit: "{transition}",
    description: "Transitions that ended, whatever came of them",
    labels: {
      target: "active, paused, completed or archived",
      outcome: "Applied, AlreadyThere, the tag of the error, or Interrupted"
    }
  },
  refusals: {
    name: "campaignctl.refusals",
    kind: "counter",
    unit: "{refusal}",
    description: "Guards that refused a transition; one transition may be refused by several",
    labels: { guard: anyOf(GuardName.literals) }
  },
  attempts: {
    name: "campaignctl.attempts",
    kind: "counter",
    unit: "{attempt}",
    description: "Changes that were sent to Genesys",
    labels: { try: "first or retry" }
  },
  waits: {
    name: "campaignctl.wait.duration",
    kind: "histogram",
    unit: "s",
    description: "Waits before another attempt or request",
    labels: { cause: "rate-limit, conflict or unavailable" },
    boundaries: WAIT_SECONDS
  },
  drains: {
    name: "campaignctl.drain.duration",
    kind: "histogram",
    unit: "s",
    description: "Waits until no call of a stopped campaign ran any more",
    labels: { result: "Drained, StillDraining, Resumed or NotShown" },
    boundaries: DRAIN_SECONDS
  },
  budgetUsed: {
    name: "campaignctl.budget.used",
    kind: "gauge",
    unit: "{request}",
    description: "Requests that Genesys has counted in this minute, as its last reply said",
    labels: {}
  },
  budgetLeft: {
    name: "campaignctl.budget.left",
    kind: "gauge",
    unit: "{request}",
    description: "Requests that Genesys grants in the rest of this minute, as its last reply said",
    labels: {}
  },
  budgetKept: {
    name: "campaignctl.budget.kept",
    kind: "gauge",
    unit: "{request}",
    description: "Requests of those granted in a minute that are kept for halts",
    labels: {}
  },
  budgetWaits: {
    name: "campaignctl.budget.wait.duration",
    kind: "histogram",
    unit: "s",
    description:
      "Requests that the budget admitted, with how long each waited for it; 0 without a wait",
    labels: {
      class: anyOf(budgetClasses),
      reason: "none, window, pace, refused, learning or unreachable"
    },
    boundaries: WAIT_SECONDS
  },
  operations: {
    name: "campaignctl.operations",
    kind: "counter",
    unit: "{operation}",
    description: "Operations that ended on this process",
    labels: {
      kind: "Transition, Fleet or Halt",
      status: "succeeded, partial, failed or cancelled"
    }
  },
  operationsOpen: {
    name: "campaignctl.operations.open",
    kind: "gauge",
    unit: "{operation}",
    description: "Operations that are not over and that this process carries on",
    labels: {}
  },
  operationCampaigns: {
    name: "campaignctl.operation.campaigns",
    kind: "counter",
    unit: "{campaign}",
    description: "Campaigns of operations, by what has come of them",
    labels: {
      kind: "Transition, Fleet or Halt",
      status: "applied, already-there, rejected, failed, unknown or skipped"
    }
  },
  halts: {
    name: "campaignctl.halt.duration",
    kind: "histogram",
    unit: "s",
    description: "Halts, with the time from the beginning to each step that they came to",
    labels: { step: "first-stop, last-accept, no-new-dials or drained" },
    boundaries: HALT_SECONDS
  },
  guardCycles: {
    name: "campaignctl.guard.cycle.duration",
    kind: "histogram",
    unit: "s",
    description: "Looks of the guard at everything under its care",
    labels: { result: "Looked or Failed" },
    boundaries: LOOK_SECONDS
  },
  watched: {
    name: "campaignctl.watch.campaigns",
    kind: "gauge",
    unit: "{campaign}",
    description:
      "Campaigns that the watch of this process sees, by what shows their changes; 0 where another process has the watch",
    labels: { by: "events or lists" }
  },
  messages: {
    name: "campaignctl.webhook.attempt.duration",
    kind: "histogram",
    unit: "s",
    description: "Messages that were sent to receivers of webhooks, until they answered",
    labels: { result: "delivered, again or dead" },
    boundaries: MESSAGE_SECONDS
  },
  runners: {
    name: "campaignctl.cluster.runners",
    kind: "gauge",
    unit: "{process}",
    description: "Processes that carry operations on, as this one sees them",
    labels: { health: "healthy or unhealthy" }
  },
  shards: {
    name: "campaignctl.cluster.shards",
    kind: "gauge",
    unit: "{shard}",
    description: "Parts of the campaigns and operations, by who holds them",
    labels: { holder: "here, elsewhere or nobody" }
  },
  appends: {
    name: "campaignctl.ledger.append.duration",
    kind: "histogram",
    unit: "s",
    description: "Appends to the ledger, until they are durable",
    labels: { kind: anyOf(AuditKind.literals) },
    boundaries: APPEND_SECONDS
  }
} as const satisfies Record<string, Definition>

export type MetricName = keyof typeof definitions

/** Prometheus' name of a metric: its unit and its kind at the end, as Prometheus has it. */
export const prometheusName = ({ kind, name, unit }: Definition): string =>
  [
    name.replaceAll(".", "_"),
    ...(unit === "s" ? ["seconds"] : []),
    ...(kind === "counter" ? ["total"] : [])
  ].join("_")
