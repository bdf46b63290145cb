import { assert, describe, it } from "@effect/vitest"
import fc from "fast-check"
import { TransportFailure } from "../../src/wire/Transport.ts"
import { transportError } from "../../src/wire/transportError.ts"

describe("a request that got no reply", () => {
  it("tells nothing of what a library threw, which may quote a header", () => {
    fc.assert(
      fc.property(fc.constantFrom(Error, TypeError), fc.uuid(), (Thrown, token) => {
        for (const thrown of [new Thrown(`Bearer ${token}`), `Bearer ${token}`, { token }]) {
          const error = transportError("reading the campaign")(thrown)
          assert.strictEqual(error.reason, "connection-lost")
          assert.notInclude(`${error.message}${JSON.stringify(error)}${error.stack}`, token)
        }
      })
    )
  })

  it("keeps what the transport itself found out", () => {
    const failure = new TransportFailure("unreachable", "example.org (ENOTFOUND)")
    const { message, reason } = transportError("reading the campaign")(failure)
    assert.strictEqual(reason, "unreachable")
    assert.include(message, "reading the campaign got no reply from example.org (ENOTFOUND).")
  })
})
