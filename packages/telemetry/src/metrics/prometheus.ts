import { Context, Metric } from "effect"
import { formatUnsafe } from "effect/observability/PrometheusMetrics"
import { type Definition, definitions, prometheusName } from "./definitions.ts"
import type { Labels, Sink } from "./Sink.ts"

/** Measurements of this process, as Prometheus reads them. */
export interface Prometheus {
  readonly sink: Sink
  /** The text exposition format, version 0.0.4. */
  readonly text: () => string
}

type Series = Metric.Metric<number, unknown>

const make: Readonly<
  Record<Definition["kind"], (definition: Definition, labels: Labels) => Series>
> = {
  counter: (definition, attributes) =>
    Metric.counter(prometheusName(definition), {
      description: definition.description,
      attributes,
      incremental: true
    }),
  gauge: (definition, attributes) =>
    Metric.gauge(prometheusName(definition), { description: definition.description, attributes }),
  histogram: (definition, attributes) =>
    Metric.histogram(prometheusName(definition), {
      description: definition.description,
      attributes,
      boundaries: definition.boundaries ?? []
    })
}

/** Holds measurements in a registry of their own, so that two services in one process do not mix. */
export const makePrometheus = (): Prometheus => {
  const context = Context.make(Metric.MetricRegistry, new Map())
  // Every set of labels is a series; the labels have few values each.
  const series = new Map<string, Series>()
  return {
    sink: (name, value, labels) => {
      let key: string = name
      for (const label in labels) key += ` ${labels[label]}`
      let one = series.get(key)
      if (one === undefined) {
        const definition = definitions[name]
        one = make[definition.kind](definition, labels)
        series.set(key, one)
      }
      one.updateUnsafe(value, context)
    },
    text: () => formatUnsafe(context)
  }
}
