import { Cause, Effect, Exit, Option, type Tracer } from "effect"
import { discreetTracer } from "./discreetTracer.ts"
import { observedTracer } from "./observedTracer.ts"

/** One event of a span. */
export interface CollectedEvent {
  readonly name: string
  readonly at: bigint
  readonly attributes: Readonly<Record<string, unknown>>
}

/** One span as it ended. Times are epoch nanoseconds. */
export interface CollectedSpan {
  readonly traceId: string
  readonly spanId: string
  readonly parentSpanId: string | undefined
  readonly name: string
  readonly kind: Tracer.SpanKind
  readonly startedAt: bigint
  readonly endedAt: bigint
  readonly attributes: Readonly<Record<string, unknown>>
  readonly events: ReadonlyArray<CollectedEvent>
  readonly ended: "well" | "failed" | "interrupted"
}

/** What was collected so far, and how to collect more. */
export interface SpanCollector {
  readonly spans: () => ReadonlyArray<CollectedSpan>
  /** Collects the spans of an effect, beside the tracer that is there. */
  readonly collecting: <A, E, R>(effect: Effect.Effect<A, E, R>) => Effect.Effect<A, E, R>
}

const endOf = (exit: Exit.Exit<unknown, unknown>): CollectedSpan["ended"] => {
  if (Exit.isSuccess(exit)) return "well"
  return Cause.hasInterruptsOnly(exit.cause) ? "interrupted" : "failed"
}

/** Keeps spans in memory, in the order in which they ended, for `renderTrace` and for tests. */
export const collectSpans = (): SpanCollector => {
  const collected: Array<CollectedSpan> = []
  const observed = (inner: Tracer.Tracer): Tracer.Tracer =>
    observedTracer(inner, (span, { startTime }) => {
      const events: Array<CollectedEvent> = []
      const [end, event] = [span.end.bind(span), span.event.bind(span)]
      span.event = (name, at, attributes = {}) => {
        events.push({ name, at, attributes })
        event(name, at, attributes)
      }
      span.end = (endedAt, exit) => {
        if (span.status._tag === "Ended") return
        end(endedAt, exit)
        collected.push({
          traceId: span.traceId,
          spanId: span.spanId,
          parentSpanId: Option.getOrUndefined(span.parent)?.spanId,
          name: span.name,
          kind: span.kind,
          startedAt: startTime,
          endedAt,
          attributes: Object.fromEntries(span.attributes),
          events,
          ended: endOf(exit)
        })
      }
    })
  return {
    spans: () => collected,
    collecting: (effect) =>
      Effect.flatMap(Effect.tracer, (tracer) =>
        Effect.withTracer(effect, observed(discreetTracer(tracer)))
      )
  }
}
