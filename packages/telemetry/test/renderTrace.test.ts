import { assert, describe, it } from "@effect/vitest"
import { continuingTrace } from "@campaignctl/core"
import { Clock, Effect, Tracer } from "effect"
import { TestClock } from "effect/testing"
import { collectSpans, renderTrace } from "../src/index.ts"

const TRACE = "0af7651916cd43dd8448eb211c80319c"
const CALLER = "b7ad6b7169203331"

/** A tracer that counts its ids, so that what is rendered repeats exactly. */
const counting = (): Tracer.Tracer => {
  let made = 0
  return Tracer.make({
    span: (options) => {
      made += 1
      return Object.assign(new Tracer.NativeSpan(options), {
        _traceId: TRACE,
        _spanId: `000000000000000${made}`
      })
    }
  })
}

const slowly = TestClock.adjust("12 millis")
const seen = Effect.gen(function* () {
  const span = yield* Effect.currentSpan
  span.event("verdict", yield* Clock.currentTimeNanos, { "campaignctl.guard": "matrix\n" })
})

describe("a trace as text", () => {
  it.effect("is a tree in the order of time, with events, durations and ends", () =>
    Effect.gen(function* () {
      const { collecting, spans } = collectSpans()
      yield* Effect.gen(function* () {
        yield* seen.pipe(Effect.andThen(slowly), Effect.withSpan("campaignctl.decide"))
        yield* Effect.void.pipe(Effect.withSpan("GET /x/{id}", { kind: "client" }))
        yield* Effect.fail({ _tag: "LockConflict" }).pipe(
          Effect.withSpan("campaignctl.attempt", { attributes: { "campaignctl.attempt": 1 } }),
          Effect.ignore
        )
        yield* Effect.andThen(slowly, Effect.interrupt).pipe(
          Effect.withSpan("campaignctl.wait"),
          Effect.exit
        )
      }).pipe(
        Effect.withSpan("campaignctl.transition"),
        collecting,
        Effect.withTracer(counting()),
        continuingTrace({ traceparent: `00-${TRACE}-${CALLER}-01` })
      )
      const text = renderTrace(spans()).replaceAll(/ {2,}/g, " ").replaceAll(/ +\n/g, "\n")
      assert.strictEqual(
        text,
        [
          `trace ${TRACE}`,
          `called by span ${CALLER}`,
          "campaignctl.transition 24 ms",
          "├─ campaignctl.decide 12 ms",
          "│ └─ • verdict guard=matrix ",
          "├─ GET /x/{id} 0.0 ms span=0000000000000003",
          "├─ campaignctl.attempt 0.0 ms ✗ attempt=1 error.type=LockConflict",
          "└─ campaignctl.wait 12 ms interrupted",
          ""
        ]
          .join("\n")
          .replaceAll(/ +\n/g, "\n")
      )
    })
  )

  it("is empty where nothing was collected", () => {
    assert.strictEqual(renderTrace([]), "")
  })
})
