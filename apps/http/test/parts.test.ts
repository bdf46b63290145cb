import { LockToken } from "@campaignctl/core"
import { Option, Schema } from "effect"
import fc from "fast-check"
import { assert, describe, it } from "vitest"
import { makeApiKey, partsOfKey, secretMatches } from "../src/callers/apiKey.ts"
import { conditionOf, etagOf } from "../src/campaigns/etag.ts"
import { fingerprintOf } from "../src/idempotency/Idempotency.ts"
import { cursorText, readCursor } from "../src/routes/cursor.ts"
import { RateLimit } from "../src/routes/RateLimit.ts"

const text = fc.string({ unit: "grapheme", maxLength: 40 })

describe("an ETag", () => {
  it("leads back to its lock token, whatever that holds", () => {
    fc.assert(
      fc.property(
        text.filter((lock) => lock.isWellFormed()),
        (lock) => {
          assert.deepStrictEqual(conditionOf(etagOf(lock)), {
            _tag: "Lock",
            lock: LockToken.make(lock)
          })
        }
      )
    )
  })

  it("is never guessed at: weak ones match nothing, anything else is malformed", () => {
    assert.strictEqual(conditionOf("*")._tag, "Any")
    assert.strictEqual(conditionOf('W/"1"')._tag, "Never")
    assert.strictEqual(conditionOf('"%zz"')._tag, "Never")
    for (const header of ["1", '"1', '"1", "2"', ""])
      assert.strictEqual(conditionOf(header)._tag, "Malformed")
  })
})

describe("an API key", () => {
  it("matches its own hash and no other", () => {
    const [one, other] = [makeApiKey(), makeApiKey()]
    const parts = partsOfKey(one.text)
    assert.strictEqual(parts?.id, one.id)
    assert.isTrue(secretMatches(parts?.secret ?? "", one))
    assert.isFalse(secretMatches(parts?.secret ?? "", other))
    assert.isFalse(secretMatches(parts?.secret ?? "", undefined))
    assert.notInclude(JSON.stringify({ salt: one.salt, hash: one.hash }), parts?.secret ?? "")
  })

  it("has one form alone", () => {
    fc.assert(fc.property(text, (some) => assert.isUndefined(partsOfKey(`cck_${some}`))))
  })
})

describe("a cursor", () => {
  const schema = Schema.Struct({ page: Schema.Int })
  it("leads back to what it was made of", () => {
    fc.assert(
      fc.property(fc.integer(), (page) => {
        assert.deepStrictEqual(Option.getOrNull(readCursor(schema, cursorText({ page }))), { page })
      })
    )
  })
  it("is nothing where it is none of ours", () => {
    fc.assert(fc.property(text, (some) => assert.isTrue(Option.isNone(readCursor(schema, some)))))
    assert.isTrue(Option.isNone(readCursor(schema, cursorText({ page: 1, more: 1 }))))
  })
})

describe("a fingerprint", () => {
  it("does not depend on the order of members, and on everything else", () => {
    assert.strictEqual(fingerprintOf({ a: 1, b: null }), fingerprintOf({ b: null, a: 1 }))
    assert.notStrictEqual(fingerprintOf({ a: 1 }), fingerprintOf({ a: 2 }))
  })
})

describe("the limit of a caller", () => {
  it("grants so many a minute and no more, and says how long to wait", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 200 }),
        fc.array(fc.integer({ min: 0, max: 20_000 }), { minLength: 1, maxLength: 300 }),
        (perMinute, steps) => {
          const limit = new RateLimit(perMinute)
          let now = 0
          let granted = 0
          for (const step of steps) {
            now += step
            const wait = limit.take("ada", now)
            if (wait === undefined) granted += 1
            else {
              assert.isAbove(wait, 0)
              // Whoever waits as long as they were told is let in.
              now += wait
              assert.isUndefined(limit.take("ada", now))
              granted += 1
            }
          }
          assert.isAtMost(granted, perMinute + (now * perMinute) / 60_000 + 1)
          assert.isUndefined(limit.take("grace", now))
        }
      ),
      { numRuns: 1_000, examples: [[2, [0, 8_786, 0]]] }
    )
  })
})
