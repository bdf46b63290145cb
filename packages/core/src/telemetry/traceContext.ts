import { Context, Effect, Option, Tracer } from "effect"

/**
 * A trace as it travels between programs, under the names of W3C Trace Context. A program is given
 * one as headers, or in the environment under the same names in capitals.
 */
export interface TraceHeaders {
  readonly traceparent?: string | undefined
  readonly tracestate?: string | undefined
}

/** Version, trace, caller's span, flags. Source: W3C Trace Context, level 2. */
const TRACEPARENT = /^([\da-f]{2})-([\da-f]{32})-([\da-f]{16})-([\da-f]{2})(-.*)?$/
const INVALID_VERSION = "ff"
/** The version of which all is known; a later one may end in fields that this one skips. */
const KNOWN_VERSION = "00"
const ALL_ZERO = /^0+$/
const SAMPLED_BIT = 1

/** Characters of `tracestate` that are passed on. Source: W3C, which asks for at least so many. */
const TRACESTATE_LIMIT = 512
const TRACESTATE = /^[\x20-\x7e]+$/

/** What the caller's tracing system wants to be passed on, unread. */
const TraceState = Context.Reference<string | undefined>("@campaignctl/core/TraceState", {
  defaultValue: () => undefined
})

/** The caller's span; undefined where there is none, or the header is not one: a trace then begins anew. */
export const callersSpan = (headers: TraceHeaders): Tracer.ExternalSpan | undefined => {
  const [, version, traceId, spanId, flags, more] =
    TRACEPARENT.exec(headers.traceparent ?? "") ?? []
  if (version === undefined || traceId === undefined || spanId === undefined || flags === undefined)
    return undefined
  if (version === INVALID_VERSION || (version === KNOWN_VERSION && more !== undefined))
    return undefined
  if (ALL_ZERO.test(traceId) || ALL_ZERO.test(spanId)) return undefined
  const state = headers.tracestate
  const passesOn = state !== undefined && state.length <= TRACESTATE_LIMIT && TRACESTATE.test(state)
  return Tracer.externalSpan({
    traceId,
    spanId,
    sampled: (Number.parseInt(flags, 16) & SAMPLED_BIT) === SAMPLED_BIT,
    annotations: passesOn ? Context.make(TraceState, state) : Context.empty()
  })
}

const NO_TIME = 0n

/**
 * A span that is given to nobody, for what has to name a trace where no spans are collected. Its ids
 * are made when they are asked for, and no time is taken: a fraction of what a span costs.
 */
export const bareSpan = (
  name: string,
  kind: Tracer.SpanKind,
  parent: Tracer.AnySpan | undefined
): Tracer.Span =>
  new Tracer.NativeSpan({
    name,
    parent: Option.fromUndefinedOr(parent),
    annotations: Context.empty(),
    links: [],
    startTime: NO_TIME,
    kind,
    sampled: parent?.sampled ?? true
  })

/** Runs an effect as a part of the caller's trace. */
export const continuingTrace =
  (headers: TraceHeaders) =>
  <A, E, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> => {
    const caller = callersSpan(headers)
    return caller === undefined
      ? effect
      : // The parent goes out of the requirements, which a generic R cannot show.
        (Effect.withParentSpan(effect, caller) as Effect.Effect<A, E, R>)
  }

/**
 * The headers that let another program continue the trace.
 *
 * Where nobody collects our spans the caller's own span is passed on unchanged, and nothing where
 * there is no caller: a span that never reaches a backend would be a parent that nobody finds.
 */
export const outgoingTrace: Effect.Effect<TraceHeaders> = Effect.gen(function* () {
  const current = yield* Effect.option(Effect.currentParentSpan)
  if (Option.isNone(current)) return {}
  const tracer = yield* Effect.tracer
  const caller = rootOf(current.value)
  const told = tracer === Tracer.nativeTracer ? caller : current.value
  if (told === undefined) return {}
  const flags = told.sampled ? "01" : "00"
  const traceparent = `${KNOWN_VERSION}-${told.traceId}-${told.spanId}-${flags}`
  // Where tracing is switched off for some of the work, its spans have words in place of ids.
  if (!TRACEPARENT.test(traceparent)) return {}
  const tracestate = caller === undefined ? undefined : Context.get(caller.annotations, TraceState)
  return {
    traceparent,
    ...(tracestate === undefined ? {} : { tracestate })
  }
})

/** The span of another program that a span descends from. */
const rootOf = (span: Tracer.AnySpan): Tracer.ExternalSpan | undefined => {
  let at: Tracer.AnySpan | undefined = span
  while (at?._tag === "Span") at = Option.getOrUndefined(at.parent)
  return at
}
