import { AuditLog, AuditUnavailable, type GatewayError, NotAuthenticated } from "@campaignctl/core"
import { Effect, Layer, Stream } from "effect"
import { TestClock } from "effect/testing"
import { assert, describe, it } from "vitest"
import { Readiness, readinessOf } from "../src/index.ts"
import { ledgerOf } from "./support/ledgerApp.ts"
import { memoryApp } from "./support/memoryApp.ts"

const looked = Readiness.use(({ check }) => check).pipe(
  Effect.match({ onFailure: ({ _tag }) => _tag, onSuccess: () => "ready" })
)

const run = <A>(
  writable: Effect.Effect<void, AuditUnavailable>,
  probe: Effect.Effect<void, GatewayError>,
  effect: Effect.Effect<A, never, Readiness>
): Promise<A> => {
  const ledger = Layer.succeed(
    AuditLog,
    ledgerOf(() => Stream.empty, writable)
  )
  const ready = readinessOf(probe).pipe(Layer.provide(ledger))
  return Effect.runPromise(effect.pipe(Effect.provide(ready), Effect.provide(TestClock.layer())))
}

describe("whether the service is ready", () => {
  const full = Effect.fail(new AuditUnavailable({ detail: "", changeMayHaveHappened: false }))
  const unknown = Effect.fail(new NotAuthenticated({ detail: "" }))

  it("depends on the ledger and on Genesys", async () => {
    assert.strictEqual(await run(Effect.void, Effect.void, looked), "ready")
    assert.strictEqual(await run(full, Effect.void, looked), "AuditUnavailable")
    assert.strictEqual(await run(Effect.void, unknown, looked), "NotAuthenticated")
  })

  it("is found out once a second, however often it is asked", async () => {
    let looks = 0
    const counted = Effect.suspend(() => {
      looks += 1
      return looks === 2 ? full : Effect.void
    })
    await run(
      counted,
      Effect.void,
      Effect.gen(function* () {
        for (const [count, found] of [
          [1, "ready"],
          [2, "AuditUnavailable"],
          [3, "ready"]
        ] as const) {
          for (let n = 0; n < 10; n++) assert.strictEqual(yield* looked, found)
          assert.strictEqual(looks, count)
          yield* TestClock.adjust(1_000)
        }
      })
    )
  })

  it("is denied while it shuts down, which a load balancer reads; being alive is not", async () => {
    const memory = await memoryApp()
    assert.strictEqual((await memory.app.request("/readyz")).status, 200)
    memory.stop()
    const reply = await memory.app.request("/readyz")
    assert.strictEqual(reply.status, 503)
    assert.include(await reply.text(), '"code":"NOT_READY"')
    assert.strictEqual(reply.headers.get("connection"), "close")
    assert.strictEqual((await memory.app.request("/healthz")).status, 200)
    await memory.close()
  })
})
