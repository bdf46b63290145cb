import { Effect, Exit } from "effect"
import { afterEach, assert, beforeEach, describe, it, vi } from "vitest"
import type { Caller } from "../src/callers/Caller.ts"
import { makeTokenCheck } from "../src/callers/Tokens.ts"
import { AUDIENCE, Issuer } from "./support/issuer.ts"

const MINUTE_MS = 60_000

/** The code of the problem, or who was let in. */
const codeOf = (exit: Exit.Exit<Caller, { readonly code: string }>): string =>
  Exit.match(exit, {
    onSuccess: ({ id }) => id,
    onFailure: (cause) =>
      cause.reasons.map((reason) => ("error" in reason ? reason.error.code : "defect")).join()
  })

describe("a token of the issuer", () => {
  let issuer: Issuer
  let check: (token: string) => Promise<string>
  const start = (): void => {
    const found = makeTokenCheck({ issuer: issuer.url, audience: AUDIENCE })
    check = async (token) => codeOf(await Effect.runPromiseExit(found(token)))
  }

  beforeEach(async () => {
    issuer = await Issuer.start()
    start()
  })
  afterEach(async () => {
    vi.useRealTimers()
    await issuer[Symbol.asyncDispose]()
  })

  it("must say who it is for and when it ends", async () => {
    assert.strictEqual(await check(await issuer.token()), `jwt:wfm (${issuer.url})`)
    for (const missing of ["exp", "sub"] as const)
      assert.strictEqual(await check(await issuer.token({}, { missing })), "UNAUTHENTICATED")
  })

  it("is believed no longer than half a minute after its end", async () => {
    vi.useFakeTimers({ toFake: ["Date"] })
    const token = await issuer.token({}, { expires: "5 minutes" })
    for (const [afterMs, believed] of [
      [5 * MINUTE_MS, true],
      [5 * MINUTE_MS + 29_000, true],
      [5 * MINUTE_MS + 31_000, false]
    ] as const) {
      vi.setSystemTime(issuer.signedAt + afterMs)
      assert.strictEqual((await check(token)) === "UNAUTHENTICATED", !believed, String(afterMs))
    }
  })

  it("of a withdrawn key is believed for ten minutes at most", async () => {
    vi.useFakeTimers({ toFake: ["Date"] })
    const token = await issuer.token({}, { expires: "1 hour" })
    assert.match(await check(token), /^jwt:/)
    await issuer.rotate()
    vi.setSystemTime(issuer.signedAt + 9 * MINUTE_MS)
    assert.match(await check(token), /^jwt:/)
    vi.setSystemTime(issuer.signedAt + 11 * MINUTE_MS)
    assert.strictEqual(await check(token), "UNAUTHENTICATED")
  })

  it("cannot be judged while the issuer is down, and is judged again when it is back", async () => {
    const token = await issuer.token()
    issuer.down = true
    assert.strictEqual(await check(token), "IDENTITY_UNAVAILABLE")
    assert.strictEqual(await check(token), "IDENTITY_UNAVAILABLE")
    issuer.down = false
    assert.match(await check(token), /^jwt:/)
  })

  it("grants the scopes that it names and no other", async () => {
    const found = makeTokenCheck({ issuer: issuer.url, audience: AUDIENCE })
    const scopesOf = async (claims: object) => [
      ...(await Effect.runPromise(found(await issuer.token({ scope: undefined, ...claims }))))
        .scopes
    ]
    assert.deepStrictEqual(await scopesOf({ scope: "audit:read everything" }), ["audit:read"])
    assert.deepStrictEqual(await scopesOf({ scp: ["admin", 7] }), ["admin"])
    assert.deepStrictEqual(await scopesOf({ scope: { admin: true } }), [])
  })

  it("is bound to the divisions that it names, and to none where it names them wrongly", async () => {
    const found = makeTokenCheck({ issuer: issuer.url, audience: AUDIENCE })
    const divisionsOf = async (claims: object) =>
      (await Effect.runPromise(found(await issuer.token({ ...claims })))).divisionIds
    assert.isUndefined(await divisionsOf({}))
    for (const [claim, divisions] of [
      [
        ["a", "b"],
        ["a", "b"]
      ],
      ["a", ["a"]],
      [[], []],
      [null, []],
      [7, []],
      [{ a: true }, []],
      [[7, "a"], ["a"]]
    ] as const)
      assert.deepStrictEqual(await divisionsOf({ campaignctl_divisions: claim }), divisions)
  })
})
