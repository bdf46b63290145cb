import type { MetricName } from "./definitions.ts"

/** The values of a metric's labels. */
export type Labels = Readonly<Record<string, string>>

/** Takes measurements: adds to a counter, sets a gauge, records in a histogram. */
export type Sink = (metric: MetricName, value: number, labels: Labels) => void
