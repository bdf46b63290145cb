import { assert, describe, it } from "@effect/vitest"
import fc from "fast-check"
import { retryAfterIn } from "../../src/wire/retryAfterIn.ts"

/** HTTP dates have whole seconds, and four digits for the year. */
const second = fc.integer({ min: 0, max: 4_102_444_800 })
const httpDate = (seconds: number): string => new Date(seconds * 1_000).toUTCString()

describe("the wait that a reply asks for", () => {
  it("is the server's own, however wrong this computer's clock is", () => {
    fc.assert(
      fc.property(second, fc.integer({ min: 0, max: 86_400 }), second, (sentAt, wait, here) => {
        const headers = { date: httpDate(sentAt), "retry-after": httpDate(sentAt + wait) }
        assert.strictEqual(retryAfterIn(headers, here * 1_000), wait * 1_000)
        assert.strictEqual(
          retryAfterIn({ ...headers, "retry-after": String(wait) }, here * 1_000),
          wait * 1_000
        )
      })
    )
  })

  it("is counted from this computer's clock where the reply has no date that can be read", () => {
    for (const date of [undefined, "", "now"]) {
      const headers = { "retry-after": httpDate(100), ...(date === undefined ? {} : { date }) }
      assert.strictEqual(retryAfterIn(headers, 40_000), 60_000)
    }
  })
})
