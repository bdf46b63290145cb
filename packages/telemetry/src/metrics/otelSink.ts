import type { Meter } from "@opentelemetry/api"
import { type Definition, definitions, type MetricName } from "./definitions.ts"
import type { Labels, Sink } from "./Sink.ts"

type Record_ = (value: number, labels: Labels) => void

const instrument: Readonly<
  Record<Definition["kind"], (meter: Meter, definition: Definition) => Record_>
> = {
  counter: (meter, { description, name, unit }) => {
    const counter = meter.createCounter(name, { description, unit })
    return (value, labels) => counter.add(value, labels)
  },
  gauge: (meter, { description, name, unit }) => {
    const gauge = meter.createGauge(name, { description, unit })
    return (value, labels) => gauge.record(value, labels)
  },
  histogram: (meter, { boundaries = [], description, name, unit }) => {
    const histogram = meter.createHistogram(name, {
      description,
      unit,
      advice: { explicitBucketBoundaries: [...boundaries] }
    })
    return (value, labels) => histogram.record(value, labels)
  }
}

/** Gives measurements to OpenTelemetry. */
export const otelSink = (meter: Meter): Sink => {
  const recorders = new Map<MetricName, Record_>()
  for (const [metric, definition] of Object.entries(definitions))
    recorders.set(
      metric as MetricName, // the keys of the table are what the type lists
      instrument[definition.kind](meter, definition)
    )
  return (metric, value, labels) => recorders.get(metric)?.(value, labels)
}
