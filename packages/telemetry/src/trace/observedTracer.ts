import { Tracer } from "effect"

/** The options of a span, as a tracer is given them. */
export type SpanStart = Parameters<Tracer.Tracer["span"]>[0]

/** A tracer whose spans are shown to an observer as they begin, to be watched or changed. */
export const observedTracer = (
  inner: Tracer.Tracer,
  observe: (span: Tracer.Span, start: SpanStart) => void
): Tracer.Tracer => {
  const context = inner.context?.bind(inner)
  return Tracer.make({
    ...(context === undefined ? {} : { context }),
    span: (start) => {
      const span = inner.span(start)
      observe(span, start)
      return span
    }
  })
}
