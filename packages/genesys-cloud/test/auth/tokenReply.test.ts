import { assert, describe, it } from "@effect/vitest"
import { Effect, Result } from "effect"
import fc from "fast-check"
import { readTokenReply } from "../../src/auth/tokenReply.ts"
import { makeScrubber } from "../../src/wire/scrub.ts"
import { json } from "../support/fakeGenesys.ts"

const SECRET = "canary-of-the-client"
const { clean } = makeScrubber("client", SECRET)
const read = (status: number, body: unknown, headers: Readonly<Record<string, string>> = {}) =>
  Effect.runSync(Effect.result(readTokenReply(json(status, body, headers), 0, clean)))

const tagOf = (result: ReturnType<typeof read>): string =>
  Result.isFailure(result) ? result.failure._tag : "Granted"

describe("the token endpoint's reply", () => {
  it("gives the token and its life", () => {
    const granted = read(200, { access_token: "t", expires_in: 86_400 })
    assert.deepStrictEqual(Result.getOrThrow(granted), { token: "t", livesMs: 86_400_000 })
    assert.strictEqual(
      Result.getOrThrow(read(200, { access_token: "t", expires_in: "600" })).livesMs,
      600_000
    )
  })

  it("is not believed where its life makes no sense", () => {
    for (const expires_in of [0, -1, "soon", "-5", {}, true])
      assert.strictEqual(tagOf(read(200, { access_token: "t", expires_in })), "GenesysUnavailable")
    assert.strictEqual(
      Result.getOrThrow(read(200, { access_token: "t", expires_in: 1e12 })).livesMs,
      172_800_000
    )
  })

  it("is not believed where its token could break out of a header", () => {
    for (const access_token of ["", "a b", "a\r\nX-Evil: 1", 7, null])
      assert.strictEqual(tagOf(read(200, { access_token, expires_in: 60 })), "GenesysUnavailable")
  })

  it("refuses credentials with the endpoint's own sentence, without the secret in it", () => {
    const refused = read(401, {
      error: "invalid_client",
      error_description: `no client with ${SECRET}`
    })
    if (Result.isSuccess(refused)) throw new Error("it was granted")
    assert.strictEqual(refused.failure._tag, "NotAuthenticated")
    assert.include(refused.failure.message, "no client with [secret]")
    assert.strictEqual(tagOf(read(400, { description: "client not found" })), "NotAuthenticated")
  })

  it("tells a rate limit, an outage and a wrong address apart", () => {
    assert.strictEqual(tagOf(read(429, {}, { "retry-after": "9" })), "RateLimited")
    assert.strictEqual(tagOf(read(503, {})), "GenesysUnavailable")
    const wrong = read(404, { message: "nothing here" })
    assert.include(
      Result.isFailure(wrong) ? wrong.failure.message : "",
      "is the login address right"
    )
  })

  it("is read without a throw, whatever it is", () => {
    fc.assert(
      fc.property(fc.integer({ min: 100, max: 599 }), fc.jsonValue(), (status, body) => {
        const result = read(status, body)
        return Result.isFailure(result) || result.success.livesMs > 0
      })
    )
  })
})
