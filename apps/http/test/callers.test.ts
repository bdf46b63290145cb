import { AuditUnavailable } from "@campaignctl/core"
import { Effect, Layer } from "effect"
import { TestClock } from "effect/testing"
import { assert, describe, it } from "vitest"
import { makeApiKey } from "../src/callers/apiKey.ts"
import { Callers, callersGuarded, type KeyRecord, KeyStore } from "../src/index.ts"

const full = Effect.fail(new AuditUnavailable({ detail: "full", changeMayHaveHappened: false }))

/** Keys that can be read, on a disk that takes nothing more. */
const readOnlyStore = (text: string, key: Partial<KeyRecord> = {}) => {
  const { hash, id, salt, text: made } = makeApiKey()
  const record: KeyRecord = {
    id,
    name: "reader",
    scopes: ["campaigns:read"],
    createdAt: "1970-01-01T00:00:00.000Z",
    ...key
  }
  const store = Layer.succeed(KeyStore, {
    create: () => full,
    list: Effect.succeed([record]),
    revoke: () => full,
    find: (wanted) =>
      Effect.succeed(wanted === id ? { key: record, kept: { hash, salt } } : undefined),
    touch: () => full
  })
  const authenticate = Callers.use(({ authenticate }) =>
    authenticate(text.replace("KEY", made))
  ).pipe(
    Effect.match({
      onSuccess: ({ id: caller }) => (caller === `key:${id}` ? "let in" : caller),
      onFailure: (error) => ("code" in error ? error.code : error._tag)
    }),
    Effect.provide(callersGuarded(undefined).pipe(Layer.provide(store))),
    Effect.provide(TestClock.layer())
  )
  return Effect.runPromise(authenticate)
}

describe("an API key on a disk that is full", () => {
  it("still lets its caller look", async () => {
    assert.strictEqual(await readOnlyStore("Bearer KEY"), "let in")
    assert.strictEqual(await readOnlyStore("bearer  KEY"), "let in")
  })

  it("is refused as anywhere else", async () => {
    const at = "1970-01-01T00:00:00.000Z"
    for (const key of [{ revokedAt: at }, { expiresAt: at }])
      assert.strictEqual(await readOnlyStore("Bearer KEY", key), "UNAUTHENTICATED")
    for (const text of ["KEY", "Basic KEY", "Bearer KEYx", "Bearer KEY KEY", "Bearer ", ""])
      assert.strictEqual(await readOnlyStore(text), "UNAUTHENTICATED", text)
    assert.strictEqual(await readOnlyStore(`Bearer KEY${"x".repeat(10_000)}`), "UNAUTHENTICATED")
  })
})
