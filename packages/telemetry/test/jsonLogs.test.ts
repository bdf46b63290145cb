import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { jsonLogs } from "../src/index.ts"

const logged = <A, E>(effect: Effect.Effect<A, E>) =>
  Effect.gen(function* () {
    const lines: Array<string> = []
    yield* Effect.provide(
      effect,
      jsonLogs((line) => lines.push(line))
    )
    assert.lengthOf(lines, 1)
    assert.notInclude(lines[0] ?? "", "\n")
    const line: unknown = JSON.parse(lines[0] ?? "")
    return line
  })

describe("a log line", () => {
  it.effect("is one JSON object with the trace and the span that it was written in", () =>
    Effect.gen(function* () {
      let expected = {}
      const line = yield* logged(
        Effect.gen(function* () {
          const { spanId, traceId } = yield* Effect.currentSpan
          expected = { traceId, spanId }
          yield* Effect.logWarning("two\nlines")
        }).pipe(Effect.withSpan("run"), Effect.annotateLogs("campaign", "c1"))
      )
      assert.deepStrictEqual(line, {
        campaign: "c1",
        timestamp: "1970-01-01T00:00:00.000Z",
        level: "warn",
        message: "two\nlines",
        ...expected
      })
    })
  )

  it.effect("outside of a span has neither", () =>
    Effect.gen(function* () {
      const line = yield* logged(Effect.logInfo("hello"))
      assert.deepStrictEqual(line, {
        timestamp: "1970-01-01T00:00:00.000Z",
        level: "info",
        message: "hello"
      })
    })
  )
})
