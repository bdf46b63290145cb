import { GenesysUnavailable, NotAuthenticated } from "@campaignctl/core"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber, Redacted } from "effect"
import { TestClock } from "effect/testing"
import { makeTokenSource } from "../../src/auth/TokenSource.ts"
import type { Granted } from "../../src/auth/tokenReply.ts"

/** A token endpoint that takes a second and numbers its tokens. */
const endpoint = (livesMs: number) => {
  const asked = { times: 0 }
  const request = Effect.gen(function* () {
    asked.times += 1
    const token = `token-${asked.times}`
    yield* Effect.sleep("1 second")
    const granted: Granted = { token, livesMs }
    return granted
  })
  return { asked, request }
}

const sourceOf = (livesMs: number) =>
  Effect.gen(function* () {
    const { asked, request } = endpoint(livesMs)
    return { asked, source: makeTokenSource(request, yield* Effect.scope) }
  })

const HOUR = 3_600_000

describe("the token source", () => {
  it.effect("asks once for any number of concurrent callers, and then not again", () =>
    Effect.gen(function* () {
      const { asked, source } = yield* sourceOf(HOUR)
      const callers = yield* Effect.forkChild(
        Effect.all(
          Array.from({ length: 50 }, () => source.current),
          { concurrency: "unbounded" }
        )
      )
      yield* TestClock.adjust("1 second")
      const tokens = yield* Fiber.join(callers)
      assert.deepStrictEqual(new Set(tokens.map(Redacted.value)), new Set(["token-1"]))
      assert.strictEqual(Redacted.value(yield* source.current), "token-1")
      assert.strictEqual(asked.times, 1)
    })
  )

  it.effect("goes on for the others when the caller that began it is interrupted", () =>
    Effect.gen(function* () {
      const { asked, source } = yield* sourceOf(HOUR)
      const first = yield* Effect.forkChild(source.current, { startImmediately: true })
      const second = yield* Effect.forkChild(source.current, { startImmediately: true })
      yield* Fiber.interrupt(first)
      yield* TestClock.adjust("1 second")
      assert.strictEqual(Redacted.value(yield* Fiber.join(second)), "token-1")
      assert.strictEqual(asked.times, 1)
    })
  )

  it.effect("renews 60 s before the token expires, and not a millisecond earlier", () =>
    Effect.gen(function* () {
      const { asked, source } = yield* sourceOf(HOUR)
      const first = yield* Effect.forkChild(source.current)
      yield* TestClock.adjust("1 second")
      yield* Fiber.join(first)
      yield* TestClock.adjust(HOUR - 60_000 - 1)
      yield* source.current
      assert.strictEqual(asked.times, 1)
      yield* TestClock.adjust(1)
      const second = yield* Effect.forkChild(source.current)
      yield* TestClock.adjust("1 second")
      assert.strictEqual(Redacted.value(yield* Fiber.join(second)), "token-2")
    })
  )

  it.effect("renews a token that lives less than 60 s at half its life", () =>
    Effect.gen(function* () {
      const { asked, source } = yield* sourceOf(30_000)
      const first = yield* Effect.forkChild(source.current)
      yield* TestClock.adjust("1 second")
      yield* Fiber.join(first)
      yield* TestClock.adjust(14_999)
      yield* source.current
      assert.strictEqual(asked.times, 1)
      yield* TestClock.adjust(1)
      const second = yield* Effect.forkChild(source.current)
      yield* TestClock.adjust("1 second")
      yield* Fiber.join(second)
      assert.strictEqual(asked.times, 2)
    })
  )

  it.effect("renews a refused token once for all whom it was refused to", () =>
    Effect.gen(function* () {
      const { asked, source } = yield* sourceOf(HOUR)
      const first = yield* Effect.forkChild(source.current)
      yield* TestClock.adjust("1 second")
      const refused = yield* Fiber.join(first)
      const callers = yield* Effect.forkChild(
        Effect.all(
          Array.from({ length: 20 }, () => source.instead(refused)),
          { concurrency: "unbounded" }
        )
      )
      yield* TestClock.adjust("1 second")
      const tokens = yield* Fiber.join(callers)
      assert.deepStrictEqual(new Set(tokens.map(Redacted.value)), new Set(["token-2"]))
      assert.strictEqual(Redacted.value(yield* source.instead(refused)), "token-2")
      assert.strictEqual(asked.times, 2)
    })
  )

  it.effect("fails all who waited when a renewal fails, and asks anew for the next", () =>
    Effect.gen(function* () {
      let asked = 0
      const request = Effect.suspend(() => {
        asked += 1
        return asked === 1
          ? Effect.fail(new NotAuthenticated({ detail: "no such client" }))
          : Effect.succeed<Granted>({ token: "late", livesMs: HOUR })
      })
      const source = makeTokenSource(request, yield* Effect.scope)
      const failed = yield* Effect.all([Effect.flip(source.current), Effect.flip(source.current)], {
        concurrency: "unbounded"
      })
      assert.deepStrictEqual(
        failed.map(({ _tag }) => _tag),
        ["NotAuthenticated", "NotAuthenticated"]
      )
      assert.strictEqual(Redacted.value(yield* source.current), "late")
      assert.strictEqual(asked, 2)
    })
  )

  it.effect("keeps its renewal failure typed", () =>
    Effect.gen(function* () {
      const down = new GenesysUnavailable({ reason: "unreachable", detail: "no route" })
      const source = makeTokenSource(Effect.fail(down), yield* Effect.scope)
      assert.strictEqual(yield* Effect.flip(source.current), down)
    })
  )
})
