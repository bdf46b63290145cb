import crypto from "node:crypto"
import { syncBuiltinESMExports } from "node:module"
import { LockToken } from "@campaignctl/core"
import { Option, Schema } from "effect"
import fc from "fast-check"
import { assert, describe, it, vi } from "vitest"
import { makeApiKey, partsOfKey, secretMatches } from "../src/callers/apiKey.ts"
import { type Caller, maySee } from "../src/callers/Caller.ts"
import { conditionOf, etagOf } from "../src/campaigns/etag.ts"
import { fingerprintOf } from "../src/idempotency/Idempotency.ts"
import { cursorText, readCursor } from "../src/routes/cursor.ts"
import { RateLimit } from "../src/routes/RateLimit.ts"
import { networkOf, RefusalLimit } from "../src/server/RefusalLimit.ts"

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

  it("is compared in a time that tells nothing, whether or not there is such a key", () => {
    const { hash, salt, text } = makeApiKey()
    const secret = partsOfKey(text)?.secret ?? ""
    const timed = vi.spyOn(crypto, "timingSafeEqual")
    syncBuiltinESMExports()
    try {
      for (const [given, kept] of [
        [secret, { hash, salt }],
        ["wrong", { hash, salt }],
        [secret, undefined]
      ] as const) {
        timed.mockClear()
        secretMatches(given, kept)
        assert.strictEqual(timed.mock.calls.length, 1)
      }
    } finally {
      timed.mockRestore()
      syncBuiltinESMExports()
    }
  })

  it("has one form alone", () => {
    fc.assert(fc.property(text, (some) => assert.isUndefined(partsOfKey(`cck_${some}`))))
  })
})

describe("a caller bound to divisions", () => {
  const of = (divisionIds?: ReadonlyArray<string>): Caller => ({
    id: "",
    requestedBy: "",
    scopes: new Set(),
    ...(divisionIds === undefined ? {} : { divisionIds })
  })
  it("sees campaigns of theirs, and none that has no division", () => {
    const [home, away, nowhere] = [{ division: { id: "home" } }, { division: { id: "away" } }, {}]
    assert.deepStrictEqual(
      [home, away, nowhere].map((campaign) => maySee(of(["home"]), campaign)),
      [true, false, false]
    )
    for (const campaign of [home, away, nowhere]) {
      assert.isTrue(maySee(of(), campaign))
      assert.isFalse(maySee(of([]), campaign))
    }
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

  it("takes nothing from anybody when the clock is set back, and gives nothing twice", () => {
    const limit = new RateLimit(2)
    assert.isUndefined(limit.take("ada", 10_000_000))
    assert.isUndefined(limit.take("ada", 1_000))
    const wait = limit.take("ada", 1_000)
    assert.strictEqual(wait, 30_000)
    assert.strictEqual(limit.look("ada", 1_000), 30_000)
    assert.isUndefined(limit.take("ada", 31_000))
  })

  it("remembers so many callers and no more, and not whoever called last", () => {
    const limit = new RateLimit(1)
    for (let n = 0; n < 30_000; n++) {
      limit.take(`caller ${n}`, 0)
      if (n % 1_000 === 0) assert.strictEqual(limit.take("ada", 0) === undefined, n === 0)
    }
    assert.strictEqual(limit.size, 10_000)
  })
})

describe("the limit of an address", () => {
  const KEY = "Bearer right"
  const A = "192.0.2.1"

  it("holds up whoever is refused too often, and nobody else", () => {
    const limit = new RefusalLimit(20)
    for (let n = 0; n < 20; n++) {
      assert.isUndefined(limit.look(A, `Bearer ${n}`, 0))
      limit.refused(A, `Bearer ${n}`, 0)
    }
    assert.strictEqual(limit.look(A, "Bearer 99", 0), 3_000)
    assert.strictEqual(limit.look(A, null, 0), 3_000)
    assert.isUndefined(limit.look(A, "Bearer 99", 3_000))
    assert.isUndefined(limit.look("192.0.2.2", "Bearer 99", 0))
  })

  it("lets in whoever was let in before, until they are refused", () => {
    const limit = new RefusalLimit(20)
    limit.accepted(KEY)
    for (let n = 0; n < 100; n++) limit.refused(A, `Bearer ${n}`, 0)
    assert.isUndefined(limit.look(A, KEY, 0))
    limit.refused(A, KEY, 0)
    assert.isNumber(limit.look(A, KEY, 0))
  })

  it("is not used up by one credential, nor lets it in as one accepted elsewhere", () => {
    const limit = new RefusalLimit(20)
    for (let n = 0; n < 1_000; n++)
      if (limit.look(A, "Bearer old", 0) === undefined) limit.refused(A, "Bearer old", 0)
    assert.isNumber(limit.look(A, "Bearer old", 0))
    assert.isUndefined(limit.look(A, "Bearer new", 0))
    assert.isUndefined(limit.look(A, null, 0))
  })

  it("takes a whole network of IPv6 for one address", () => {
    for (const [address, network] of [
      ["2001:db8::1", "2001:db8:0:0"],
      ["2001:db8:0:0:1:2:3:4", "2001:db8:0:0"],
      ["2001:db8:0:1::", "2001:db8:0:1"],
      ["::1", "0:0:0:0"],
      ["fe80::1%eth0", "fe80:0:0:0"],
      ["::ffff:192.0.2.1", "::ffff:192.0.2.1"],
      [A, A],
      ["", ""]
    ] as const)
      assert.strictEqual(networkOf(address), network)
  })
})
