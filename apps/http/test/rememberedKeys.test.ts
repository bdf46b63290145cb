import { AuditUnavailable } from "@campaignctl/core"
import { Context, Effect, Fiber, Layer, type Scope } from "effect"
import { TestClock } from "effect/testing"
import { assert, describe, it } from "vitest"
import { makeApiKey } from "../src/callers/apiKey.ts"
import { RememberedKeys } from "../src/callers/RememberedKeys.ts"
import { Callers, callersGuarded, type KeyRecord, KeyStore, routes } from "../src/index.ts"
import { admit } from "../src/routes/door.ts"

const MINUTE_MS = 60_000
const unavailable = new AuditUnavailable({ detail: "it is away.", changeMayHaveHappened: false })

/** Callers over one key in a database that does as the test says. */
const scene = Effect.fnUntraced(function* (record: Partial<KeyRecord> = {}) {
  const { hash, id, salt, text } = makeApiKey()
  const state = {
    database: "works" as "works" | "fails" | "hangs",
    key: {
      id,
      name: "robot",
      scopes: ["campaigns:halt"],
      divisionIds: ["home"],
      createdAt: "2026-01-01T00:00:00.000Z",
      ...record
    } as KeyRecord | undefined
  }
  const callers = yield* Layer.build(callersGuarded(undefined)).pipe(
    Effect.provideService(KeyStore, {
      find: () =>
        Effect.suspend(() => {
          if (state.database === "hangs") return Effect.never
          if (state.database === "fails") return Effect.fail(unavailable)
          return Effect.succeed(
            state.key === undefined ? undefined : { key: state.key, kept: { hash, salt } }
          )
        }),
      touch: () => Effect.void
    } as unknown as KeyStore["Service"]) // callers ask for nothing else
  )
  const { authenticate } = Context.get(callers, Callers)
  const asked = (credential: string, withoutDatabase = true) =>
    Effect.match(authenticate(`Bearer ${credential}`, withoutDatabase), {
      onFailure: ({ _tag, ...error }) => ("code" in error ? error.code : _tag),
      onSuccess: ({ divisionIds, remembered = false }) => ({ divisionIds, remembered })
    })
  return { state, text, asked }
})

const REMEMBERED = { divisionIds: ["home"], remembered: true }

const run = <A, E>(effect: Effect.Effect<A, E, Scope.Scope>) =>
  Effect.runPromise(Effect.scoped(effect).pipe(Effect.provide(TestClock.layer())))

describe("a key of which the database told lately", () => {
  it("is known for a quarter of an hour where the database fails, and for what goes on without it alone", () =>
    run(
      Effect.gen(function* () {
        const { asked, state, text } = yield* scene()
        state.database = "fails"
        assert.strictEqual(yield* asked(text), "AuditUnavailable")
        state.database = "works"
        assert.deepStrictEqual(yield* asked(text), { ...REMEMBERED, remembered: false })
        state.database = "fails"
        assert.deepStrictEqual(yield* asked(text), REMEMBERED)
        assert.strictEqual(yield* asked(text, false), "AuditUnavailable")
        const wrong = `${text.slice(0, -1)}${text.endsWith("A") ? "B" : "A"}`
        assert.strictEqual(yield* asked(wrong), "AuditUnavailable")
        yield* TestClock.adjust(15 * MINUTE_MS - 1)
        assert.deepStrictEqual(yield* asked(text), REMEMBERED)
        yield* TestClock.adjust(1)
        assert.strictEqual(yield* asked(text), "AuditUnavailable")
      })
    ))

  it("is known after two seconds where the database gives no answer", () =>
    run(
      Effect.gen(function* () {
        const { asked, state, text } = yield* scene()
        yield* asked(text)
        state.database = "hangs"
        const asking = yield* Effect.forkChild(asked(text))
        yield* TestClock.adjust(1_999)
        assert.isUndefined(asking.pollUnsafe())
        yield* TestClock.adjust(1)
        assert.deepStrictEqual(yield* Fiber.join(asking), REMEMBERED)
      })
    ))

  it("is forgotten as soon as it is seen revoked, or gone", () =>
    run(
      Effect.gen(function* () {
        for (const after of ["revoked", "gone"] as const) {
          const { asked, state, text } = yield* scene()
          yield* asked(text)
          const { key } = state
          assert(key !== undefined)
          state.key =
            after === "gone" ? undefined : { ...key, revokedAt: "2026-01-02T00:00:00.000Z" }
          assert.strictEqual(yield* asked(text, false), "UNAUTHENTICATED")
          state.database = "fails"
          assert.strictEqual(yield* asked(text), "AuditUnavailable")
        }
      })
    ))

  it("is not known beyond its own end", () =>
    run(
      Effect.gen(function* () {
        const { asked, state, text } = yield* scene({ expiresAt: new Date(1_000).toISOString() })
        yield* asked(text)
        state.database = "fails"
        yield* TestClock.adjust(999)
        assert.deepStrictEqual(yield* asked(text), REMEMBERED)
        yield* TestClock.adjust(1)
        assert.strictEqual(yield* asked(text), "AuditUnavailable")
      })
    ))
})

describe("the door", () => {
  it("takes a remembered key for the panic stop alone", () =>
    run(
      Effect.gen(function* () {
        const taken: Array<string> = []
        for (const route of routes)
          if (route.scope !== "public")
            yield* Effect.ignore(
              admit(route, { url: "http://127.0.0.1/", header: () => undefined }, undefined).pipe(
                Effect.provideService(Callers, {
                  open: false,
                  authenticate: (_, withoutDatabase = false) => {
                    if (withoutDatabase) taken.push(route.operationId)
                    return Effect.fail(unavailable)
                  }
                })
              )
            )
        assert.deepStrictEqual(taken, ["halt"])
      })
    ))
})

describe("the keys that are remembered", () => {
  it("are the thousand that were seen last", () => {
    const keys = new RememberedKeys()
    const made = Array.from({ length: 1_001 }, makeApiKey)
    const partsOf = ({ id, text }: (typeof made)[number]) => ({ id, secret: text.slice(-43) })
    const remember = (key: (typeof made)[number]) =>
      keys.remember(
        key.id,
        { id: key.id, requestedBy: key.id, scopes: new Set() },
        key,
        Number.POSITIVE_INFINITY,
        0
      )
    const [first, second, ...others] = made
    assert(first !== undefined && second !== undefined)
    for (const key of [first, second, ...others.slice(0, -1), first]) remember(key)
    for (const key of others.slice(-1)) remember(key)
    assert.isDefined(keys.callerOf(partsOf(first), 0))
    assert.isUndefined(keys.callerOf(partsOf(second), 0))
    for (const key of others.slice(-1)) assert.isDefined(keys.callerOf(partsOf(key), 0))
  })
})
