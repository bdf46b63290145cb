import { Context, Metric } from "effect"
import { formatUnsafe } from "effect/observability/PrometheusMetrics"
import { type Definition, definitions, type MetricName, prometheusName } from "./definitions.ts"
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

/** What takes the values of one series. */
type Updates = Metric.Metric.Hooks<number, unknown>

/** Leads from the value of one label to that of the next; behind the last is the series. */
interface Step {
  updates: Updates | undefined
  readonly next: Map<string, Step>
}

const stepTo = <Key>(steps: Map<Key, Step>, key: Key): Step => {
  const known = steps.get(key)
  if (known !== undefined) return known
  const step: Step = { updates: undefined, next: new Map() }
  steps.set(key, step)
  return step
}

/** Holds measurements in a registry of their own, so that two services in one process do not mix. */
export const makePrometheus = (): Prometheus => {
  const registry: Metric.MetricRegistry = new Map()
  const context = Context.make(Metric.MetricRegistry, registry)

  const opened = (name: MetricName, labels: Labels): Updates => {
    const definition = definitions[name]
    const own: Metric.MetricRegistry = new Map()
    // Reading a series registers it.
    make[definition.kind](definition, labels).valueUnsafe(Context.make(Metric.MetricRegistry, own))
    const [registered] = own
    if (registered === undefined) throw new Error(`the metric ${name} was not registered`)
    registry.set(...registered)
    // The registry's type leaves open what a series takes; ours take numbers.
    return registered[1].hooks as Updates
  }

  // Every set of labels is a series; the labels have few values each. No key is put together for it,
  // nor is the registry asked: every run measures several times, whether anybody reads it or not.
  const first = new Map<MetricName, Step>()
  return {
    sink: (name, value, labels) => {
      let at = stepTo(first, name)
      for (const label in labels) at = stepTo(at.next, labels[label] ?? "")
      at.updates ??= opened(name, labels)
      at.updates.update(value, context)
    },
    text: () => formatUnsafe(context)
  }
}
