/** How much is measured. */
export interface Plan {
  readonly name: "full" | "quick"
  /** Batches of each rate, of which the median is told. */
  readonly batches: number
  readonly decisionsPerBatch: number
  readonly transitionsPerBatch: number
  /** Pairs of processes, of which one is traced: the interval is as narrow as they are many. */
  readonly tracingPairs: number
  readonly tracingOnPairs: number
  /** As for HTTP: short batches, and many. */
  readonly tracingBatches: number
  readonly tracingWarmUp: number
  readonly tracingTransitionsPerBatch: number
  readonly appendsPerBatch: number
  /** Rounds of the added latency: each pauses and starts once per contender. */
  readonly latencyRounds: number
  readonly latencyWarmUp: number
  readonly processRounds: number
  readonly processWarmUp: number
  readonly entriesToVerify: number
  /** Short batches, and many of them: what else the machine does then strikes few, and the median is of the others. */
  readonly httpBatches: number
  readonly httpRequestsPerBatch: number
  /** Batches before those that count: a service runs for weeks, and its compiler takes seconds. */
  readonly httpWarmUp: number
  /** Requests of the long run after which the heap is looked at. */
  readonly httpMemoryRequests: number
  /** Schedules that wait while the memory of the engine is looked at. */
  readonly pendingSchedules: number
  /** Transitions of each contender: durable, and directly. */
  readonly durableRounds: number
  readonly durableWarmUp: number
  /** Campaigns of the fleet whose requests are counted. */
  readonly fleetCampaigns: number
  /** How often a fleet's runner is killed. */
  readonly failovers: number
  /** Operations that are submitted at once, and how often. */
  readonly operationsAtOnce: number
  readonly operationsBatches: number
  /** Runners over one PostgreSQL: one, and more up to so many. */
  readonly mostRunners: number
  /** Campaigns that are watched while nothing happens, for how many minutes, and how much faster than real time. */
  readonly restCampaigns: number
  readonly restMinutes: number
  readonly restTimes: number
  /** Changes in each batch of webhooks, and single ones whose way is timed. */
  readonly webhookBatches: number
  readonly webhookChanges: number
  readonly webhookSingles: number
}

/** Some minutes on four cores. 500 rounds leave five samples above the p99; a watched operation takes a quarter of a second, so that 200 must do. */
export const fullPlan: Plan = {
  name: "full",
  batches: 9,
  decisionsPerBatch: 200_000,
  transitionsPerBatch: 2_000,
  tracingPairs: 11,
  tracingOnPairs: 3,
  tracingBatches: 40,
  tracingWarmUp: 60,
  tracingTransitionsPerBatch: 50,
  appendsPerBatch: 300,
  latencyRounds: 500,
  latencyWarmUp: 50,
  processRounds: 25,
  processWarmUp: 3,
  entriesToVerify: 100_000,
  httpBatches: 41,
  httpRequestsPerBatch: 1_000,
  httpWarmUp: 25,
  httpMemoryRequests: 100_000,
  pendingSchedules: 100_000,
  durableRounds: 200,
  durableWarmUp: 20,
  fleetCampaigns: 1_000,
  failovers: 5,
  operationsAtOnce: 200,
  operationsBatches: 3,
  mostRunners: 3,
  restCampaigns: 3_000,
  restMinutes: 60,
  restTimes: 60,
  webhookBatches: 5,
  webhookChanges: 200,
  webhookSingles: 60
}

/** Shows that everything runs and counts right; its timings mean nothing. */
export const quickPlan: Plan = {
  name: "quick",
  batches: 2,
  decisionsPerBatch: 1_000,
  transitionsPerBatch: 20,
  tracingPairs: 2,
  tracingOnPairs: 1,
  tracingBatches: 2,
  tracingWarmUp: 1,
  tracingTransitionsPerBatch: 20,
  appendsPerBatch: 5,
  latencyRounds: 3,
  latencyWarmUp: 1,
  processRounds: 2,
  processWarmUp: 1,
  entriesToVerify: 500,
  httpBatches: 2,
  httpRequestsPerBatch: 50,
  httpWarmUp: 1,
  httpMemoryRequests: 200,
  pendingSchedules: 100,
  durableRounds: 3,
  durableWarmUp: 1,
  fleetCampaigns: 100,
  failovers: 1,
  operationsAtOnce: 5,
  operationsBatches: 1,
  mostRunners: 2,
  restCampaigns: 200,
  restMinutes: 11,
  restTimes: 120,
  webhookBatches: 1,
  webhookChanges: 5,
  webhookSingles: 2
}
