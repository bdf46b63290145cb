import { Context, Metric } from "effect"
import { formatUnsafe } from "effect/observability/PrometheusMetrics"
import { type Definition, definitions, type MetricName, prometheusName } from "./definitions.ts"
import type { Sink } from "./Sink.ts"

/** Measurements of this process, as Prometheus reads them. */
export interface Prometheus {
  readonly sink: Sink
  /** The text exposition format, version 0.0.4. */
  readonly text: () => string
}

const make: Readonly<
  Record<Definition["kind"], (definition: Definition) => Metric.Metric<number, unknown>>
> = {
  counter: (definition) =>
    Metric.counter(prometheusName(definition), {
      description: definition.description,
      incremental: true
    }),
  gauge: (definition) =>
    Metric.gauge(prometheusName(definition), { description: definition.description }),
  histogram: (definition) =>
    Metric.histogram(prometheusName(definition), {
      description: definition.description,
      boundaries: definition.boundaries ?? []
    })
}

/** Holds measurements in a registry of their own, so that two services in one process do not mix. */
export const makePrometheus = (): Prometheus => {
  const context = Context.make(Metric.MetricRegistry, new Map())
  const metrics = new Map<MetricName, Metric.Metric<number, unknown>>()
  for (const [metric, definition] of Object.entries(definitions))
    metrics.set(
      metric as MetricName, // the keys of the table are what the type lists
      make[definition.kind](definition)
    )
  return {
    sink: (name, value, labels) => {
      const metric = metrics.get(name)
      if (metric !== undefined) Metric.withAttributes(metric, labels).updateUnsafe(value, context)
    },
    text: () => formatUnsafe(context)
  }
}
