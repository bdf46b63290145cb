import { Tracer } from "effect"

/** The options of a span, as a tracer is given them. */
export type SpanStart = Parameters<Tracer.Tracer["span"]>[0]

/**
 * A tracer whose spans are shown to an observer as they begin, to be watched or changed.
 *
 * The inner tracer's hook that makes each span OpenTelemetry's active one is left out: it runs at
 * every step of every program, which cost more than all the spans did, and only instrumentations of
 * OpenTelemetry's own would notice, of which none is used.
 */
export const observedTracer = (
  inner: Tracer.Tracer,
  observe: (span: Tracer.Span, start: SpanStart) => void
): Tracer.Tracer =>
  Tracer.make({
    span: (start) => {
      const span = inner.span(start)
      observe(span, start)
      return span
    }
  })
