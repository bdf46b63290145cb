import { assert, describe, it } from "@effect/vitest"
import { Effect, Option, Tracer } from "effect"
import { annotate, isCollected, onSpan, traced, tracedAlways } from "../../src/telemetry/traced.ts"

/** The name of the span in force, beside whether spans are collected. */
const here = Effect.withFiber((fiber) =>
  Effect.succeed([isCollected(fiber), fiber.cache.span?._tag === "Span" && fiber.cache.span.name])
)
const inner = traced("inner")(function* (attributes: Record<string, unknown>) {
  yield* annotate(() => attributes)
  yield* onSpan((span) => Effect.sync(() => span.event("seen", 0n)))
  return yield* here
})
const outer = tracedAlways("outer")(function* () {
  return yield* inner({ answer: 42 })
})

const collecting = (made: Array<Tracer.NativeSpan>) =>
  Tracer.make({
    span: (options) => {
      const span = new Tracer.NativeSpan(options)
      made.push(span)
      return span
    }
  })

describe("a traced function", () => {
  it.effect("makes a span where somebody collects them", () =>
    Effect.gen(function* () {
      const made: Array<Tracer.NativeSpan> = []
      const told = yield* Effect.withTracer(outer(), collecting(made))
      assert.deepStrictEqual(told, [true, "inner"])
      assert.deepStrictEqual(
        made.map(({ attributes, events, name, parent, status }) => [
          name,
          Option.getOrUndefined(parent)?.spanId,
          [...attributes],
          events.map(([event]) => event),
          status._tag
        ]),
        [
          ["outer", undefined, [], [], "Ended"],
          ["inner", made[0]?.spanId, [["answer", 42]], ["seen"], "Ended"]
        ]
      )
    })
  )

  it.effect("makes none where nobody does, but what has to name its trace", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual(yield* inner({}), [false, false])
      assert.deepStrictEqual(yield* outer(), [false, "outer"])
      assert.deepStrictEqual(yield* Effect.withSpan(outer(), "caller"), [false, "caller"])
    })
  )

  it.effect("names the caller's trace, whoever collects it", () =>
    Effect.gen(function* () {
      const caller = Tracer.externalSpan({ traceId: "c".repeat(32), spanId: "d".repeat(16) })
      const trace = tracedAlways("outer")(function* () {
        return (yield* Effect.currentSpan).traceId
      })
      assert.strictEqual(yield* Effect.withParentSpan(trace(), caller), caller.traceId)
    })
  )

  it.effect("makes none where tracing is turned off", () =>
    Effect.gen(function* () {
      const made: Array<Tracer.NativeSpan> = []
      const told = yield* inner({}).pipe(
        Effect.withTracer(collecting(made)),
        Effect.withTracerEnabled(false)
      )
      assert.deepStrictEqual([told, made], [[false, false], []])
    })
  )
})
