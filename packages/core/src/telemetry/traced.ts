import { Effect, type Fiber, Tracer } from "effect"
import { Progress } from "../transition/Progress.ts"
import { bareSpan } from "./traceContext.ts"

/** Whether somebody collects the spans of this fiber; the default tracer gives its own to no one. */
export const isCollected = ({ cache }: Fiber.Fiber<unknown, unknown>): boolean =>
  cache.tracerEnabled && cache.tracer !== undefined && cache.tracer !== Tracer.nativeTracer

/** The place in the source is not kept: finding it costs more than the span, whose name says as much. */
const inSpan = <A, E, R>(work: Effect.Effect<A, E, R>, name: string): Effect.Effect<A, E, R> =>
  // The span goes out of the requirements, which a generic R cannot show.
  Effect.withSpan(name, {}, { captureStackTrace: false })(work) as Effect.Effect<A, E, R>

type Body<Args extends ReadonlyArray<unknown>, A, E, R> = (
  ...args: Args
) => Effect.fn.Return<A, E, R>
type Traced<Args extends ReadonlyArray<unknown>, A, E, R> = (
  ...args: Args
) => Effect.Effect<A, E, R>

/** A function whose every call is a span. Where nobody collects spans none is made. */
export const traced =
  (name: string) =>
  <Args extends ReadonlyArray<unknown>, A, E, R>(
    body: Body<Args, A, E, R>
  ): Traced<Args, A, E, R> => {
    const bare = Effect.fnUntraced(body)
    return (...args) => {
      const call = bare(...args)
      return Effect.withFiber((fiber) => (isCollected(fiber) ? inSpan(call, name) : call))
    }
  }

/**
 * As `traced`, for a function that makes its effect without a generator: less to pay on every look
 * at a campaign. The attributes are asked for where there is a span to carry them.
 */
export const tracedCall =
  <Args extends ReadonlyArray<unknown>, A, E, R>(
    name: string,
    body: (...args: Args) => Effect.Effect<A, E, R>,
    attributesOf: (...args: Args) => Readonly<Record<string, unknown>> = () => ({})
  ): Traced<Args, A, E, R> =>
  (...args) =>
    Effect.withFiber((fiber) =>
      isCollected(fiber)
        ? inSpan(
            Effect.andThen(
              annotate(() => attributesOf(...args)),
              body(...args)
            ),
            name
          )
        : body(...args)
    )

/** As `traced`, but within a span in any case: what is recorded of it names its trace. */
export const tracedAlways =
  (name: string) =>
  <Args extends ReadonlyArray<unknown>, A, E, R>(
    body: Body<Args, A, E, R>
  ): Traced<Args, A, E, R> => {
    const bare = Effect.fnUntraced(body)
    return (...args) => {
      const call = bare(...args)
      return Effect.withFiber((fiber) => {
        if (isCollected(fiber)) return inSpan(call, name)
        const { span } = fiber.cache
        if (span?._tag === "Span") return call
        return Effect.provideService(
          // Asked for at every step: found further down so often, it would have Effect copy all that
          // is provided, for this one call.
          Effect.provideService(call, Progress, fiber.getRef(Progress)),
          Tracer.ParentSpan,
          bareSpan(name, "internal", span)
        )
      })
    }
  }

/** Does something with the span of the function that is `traced`, where there is one. */
export const onSpan = (use: (span: Tracer.Span) => Effect.Effect<void>): Effect.Effect<void> =>
  Effect.withFiber((fiber) => {
    const { span } = fiber.cache
    return isCollected(fiber) && span?._tag === "Span" ? use(span) : Effect.void
  })

/** Adds attributes to the span of the function that is `traced`. They are asked for where there is one. */
export const annotate = (
  attributes: () => Readonly<Record<string, unknown>>
): Effect.Effect<void> => onSpan(() => Effect.annotateCurrentSpan(attributes()))
