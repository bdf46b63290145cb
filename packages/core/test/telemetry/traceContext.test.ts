import { assert, describe, it } from "@effect/vitest"
import { Effect, References, Tracer } from "effect"
import * as fc from "fast-check"
import { callersSpan, continuingTrace, outgoingTrace } from "../../src/index.ts"

const hex = (digits: number) =>
  fc
    .array(fc.constantFrom(...Array.from("0123456789abcdef")), {
      minLength: digits,
      maxLength: digits
    })
    .map((all) => all.join(""))
const id = (digits: number) => hex(digits).filter((text) => !/^0+$/.test(text))

/** A tracer whose spans somebody collects. */
const collecting = Tracer.make({ span: (options) => new Tracer.NativeSpan(options) })

const TRACE = "0af7651916cd43dd8448eb211c80319c"
const SPAN = "b7ad6b7169203331"

describe("a caller's trace", () => {
  it("is read from any traceparent of the known version", () => {
    fc.assert(
      fc.property(id(32), id(16), hex(2), (traceId, spanId, flags) => {
        const caller = callersSpan({ traceparent: `00-${traceId}-${spanId}-${flags}` })
        assert.deepInclude(caller, { traceId, spanId })
        assert.strictEqual(caller?.sampled, (Number.parseInt(flags, 16) & 1) === 1)
      })
    )
  })

  it("is not read from anything else, and nothing is thrown", () => {
    fc.assert(
      fc.property(fc.string(), (traceparent) => {
        assert.isUndefined(callersSpan({ traceparent }))
      })
    )
    for (const traceparent of [
      undefined,
      `00-${"0".repeat(32)}-${SPAN}-01`,
      `00-${TRACE}-${"0".repeat(16)}-01`,
      `ff-${TRACE}-${SPAN}-01`,
      `00-${TRACE}-${SPAN}-01-more`,
      `00-${TRACE.toUpperCase()}-${SPAN}-01`,
      `00-${TRACE}-${SPAN}-01\r\nx: y`
    ])
      assert.isUndefined(callersSpan({ traceparent }), traceparent)
  })

  it("of a later version is read as far as it is known", () => {
    assert.deepInclude(callersSpan({ traceparent: `01-${TRACE}-${SPAN}-01-more` }), {
      traceId: TRACE,
      spanId: SPAN
    })
  })
})

describe("the headers to another program", () => {
  const caller = { traceparent: `00-${TRACE}-${SPAN}-01`, tracestate: "vendor=1" }

  it.effect("name the span that sends, where spans are collected", () =>
    Effect.gen(function* () {
      const [sent, span] = yield* Effect.all([outgoingTrace, Effect.currentSpan]).pipe(
        Effect.withSpan("sends"),
        continuingTrace(caller),
        Effect.withTracer(collecting)
      )
      assert.deepStrictEqual(sent, {
        traceparent: `00-${TRACE}-${span.spanId}-01`,
        tracestate: "vendor=1"
      })
    })
  )

  it.effect("pass the caller's on unchanged where nobody collects spans", () =>
    Effect.gen(function* () {
      const sent = yield* outgoingTrace.pipe(Effect.withSpan("sends"), continuingTrace(caller))
      assert.deepStrictEqual(sent, caller)
    })
  )

  it.effect("are none where nobody collects spans and nobody called", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual(yield* outgoingTrace.pipe(Effect.withSpan("sends")), {})
      assert.deepStrictEqual(yield* outgoingTrace, {})
    })
  )

  it.effect("are none of work that is not traced while other work is", () =>
    Effect.gen(function* () {
      const sent = yield* outgoingTrace.pipe(
        Effect.withSpan("sends"),
        Effect.provideService(References.TracerEnabled, false),
        Effect.withTracer(collecting)
      )
      assert.deepStrictEqual(sent, {})
    })
  )

  it.effect("say that a trace which the caller does not record is not recorded", () =>
    Effect.gen(function* () {
      const sent = yield* outgoingTrace.pipe(
        Effect.withSpan("sends"),
        continuingTrace({ traceparent: `00-${TRACE}-${SPAN}-00` }),
        Effect.withTracer(collecting)
      )
      assert.match(sent.traceparent ?? "", new RegExp(`^00-${TRACE}-[0-9a-f]{16}-00$`))
    })
  )

  it.effect("leave out a tracestate that is no header text, or longer than it may be", () =>
    Effect.gen(function* () {
      for (const tracestate of ["a=1\r\nx: y", "é=1", "a".repeat(513)]) {
        const sent = yield* outgoingTrace.pipe(
          Effect.withSpan("sends"),
          continuingTrace({ ...caller, tracestate })
        )
        assert.deepStrictEqual(sent, { traceparent: caller.traceparent })
      }
    })
  )
})
