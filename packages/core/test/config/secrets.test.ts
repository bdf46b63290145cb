import { inspect } from "node:util"
import { Result } from "effect"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { type ConfigPage, configPages, parseConfig } from "../../src/index.ts"

const canary = "canary-5f1d7c0a9b"

describe("secrets", () => {
  const names = configPages.flatMap((page: ConfigPage) => [page.key, ...(page.aliases ?? [])])
  const secretNames = configPages.flatMap((page: ConfigPage) =>
    page.secret ? [page.key, ...(page.aliases ?? [])] : []
  )
  const values = fc.oneof(
    fc.string(),
    fc.string({ unit: "binary" }),
    fc.constantFrom(
      "",
      "genesys",
      "etag",
      "https://api.example.com",
      "09:00-20:00",
      "{}",
      "file:x",
      "1",
      "eu-west-1"
    )
  )
  const envs = fc.dictionary(fc.oneof(fc.constantFrom(...names), fc.string()), values)
  const profiles = fc.dictionary(
    fc.oneof(fc.constantFrom(...names), fc.string()),
    fc.oneof(values, fc.anything({ withBigInt: true, withDate: true, withMap: true }))
  )

  it("gives a configuration or its problems for any environment and profile", () => {
    fc.assert(
      fc.property(envs, profiles, (env, profile) => {
        const parsed = parseConfig(env, profile)
        expect(Result.isSuccess(parsed) || parsed.failure.problems.length > 0).toBe(true)
      }),
      { numRuns: 2_000 }
    )
  })

  it("never shows a secret, not even one pasted into other values too", () => {
    const around = fc.tuple(
      fc.constantFrom("", "x", '{"', "https://", "postgres://ada:", "2026-", "x".repeat(59)),
      fc.constantFrom("", " y", '":1}', "@db/ledger", ",20:00-09:00")
    )
    const pasted = around.map(([before, after]) => `${before}${canary}${after}`)
    let failures = 0
    fc.assert(
      fc.property(
        fc.constantFrom(...secretNames),
        fc.dictionary(fc.constantFrom(...names), fc.oneof(pasted, values)),
        fc.dictionary(fc.constantFrom(...names), fc.oneof(pasted, values)),
        (secret, env, profile) => {
          const parsed = parseConfig({ ...env, [secret]: canary }, profile)
          const failure = Result.isFailure(parsed) ? parsed.failure : undefined
          if (failure !== undefined) failures++
          const shown = `${failure?.message} ${JSON.stringify(failure?.problems)} ${String(failure)}`
          expect(shown).not.toContain(canary)
        }
      ),
      { numRuns: 2_000 }
    )
    expect(failures).toBeGreaterThan(500)
  })

  it.each([
    "CAMPAIGNCTL_HOLIDAYS",
    "CAMPAIGNCTL_HOLIDAY_LISTS",
    "CAMPAIGNCTL_CALLING_WINDOW",
    "CAMPAIGNCTL_MATRIX",
    "GENESYS_REGION"
  ])("shows no piece of a secret that was pasted into %s", (key) => {
    // Commas, so that the value is taken apart before it is judged.
    const secret = "Mon,09:00-20:00,x;Zq7-PieceOfIt"
    const parsed = parseConfig({
      OAUTH_CLIENT_ID: "client",
      OAUTH_CLIENT_SECRET: secret,
      [key]: secret
    })
    const problems = Result.isFailure(parsed) ? parsed.failure.problems : []
    expect(problems.length).toBeGreaterThan(0)
    expect(new Set(problems.map(({ found }) => found))).toEqual(
      new Set(["a value that holds a secret"])
    )
    expect(JSON.stringify(problems)).not.toContain("Piece")
  })

  it("keeps the client secret redacted in whatever is printed of a configuration", () => {
    const parsed = parseConfig({ OAUTH_CLIENT_ID: "client", OAUTH_CLIENT_SECRET: canary })
    expect(Result.isSuccess(parsed)).toBe(true)
    expect(JSON.stringify(parsed)).not.toContain(canary)
    expect(inspect(parsed, { depth: null, showHidden: true })).not.toContain(canary)
  })
})
