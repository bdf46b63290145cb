import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { type HoldScope, inScope, matchesName } from "../../src/index.ts"
import { campaigns, scopes } from "../decision/arbitraries.ts"

/** The same by a regular expression: slow on hostile patterns, and plainly right. */
const byExpression = (pattern: string, name: string): boolean => {
  const source = Array.from(pattern.toLowerCase()).map((character) =>
    character === "*" ? ".*" : character === "?" ? "." : character.replace(/[.]/, "\\.")
  )
  return new RegExp(`^${source.join("")}$`, "su").test(name.toLowerCase())
}

describe("matchesName", () => {
  it("agrees with the regular expression that the pattern stands for", () => {
    const letters = fc.string({
      unit: fc.constantFrom("a", "B", "é", "😀", ".", "\n"),
      maxLength: 9
    })
    const patterns = fc.string({
      unit: fc.constantFrom("a", "b", "É", "😀", ".", "*", "?"),
      maxLength: 7
    })
    fc.assert(
      fc.property(patterns, letters, (pattern, name) => {
        expect(matchesName(pattern, name)).toBe(byExpression(pattern, name))
      }),
      { numRuns: 5_000 }
    )
  })

  it("matches a pattern made out of the name", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), fc.nat(), fc.nat(), (name, a, b) => {
        const all = Array.from(name)
        const [from, to] = [a % (all.length + 1), b % (all.length + 1)].toSorted((x, y) => x - y)
        const pattern = [...all.slice(0, from), "*", ...all.slice(to)].join("")
        expect(matchesName(pattern.toUpperCase(), name.toUpperCase())).toBe(true)
      })
    )
  })

  it("is not held up by a hostile pattern", () => {
    expect(matchesName("*a".repeat(200) + "b", "a".repeat(2_000))).toBe(false)
  })
})

describe("inScope", () => {
  it("holds a campaign that fits every part, and one that cannot be told is neither in nor out", () => {
    const seen = new Set<string>()
    fc.assert(
      fc.property(scopes, campaigns, (scope, campaign) => {
        const parts = new Set([
          scope.ids === undefined || scope.ids.includes(campaign.id),
          scope.namePattern === undefined || matchesName(scope.namePattern, campaign.name),
          told(scope.divisionIds, campaign.division?.id),
          told(scope.queueIds, campaign.queue?.id)
        ])
        const expected = parts.has(false) ? "out" : parts.has(undefined) ? "unknown" : "in"
        seen.add(expected)
        expect(inScope(scope, campaign)).toBe(expected)
      }),
      { numRuns: 2_000 }
    )
    expect([...seen].toSorted()).toEqual(["in", "out", "unknown"])
  })

  it("holds everything without any part", () => {
    const everything: HoldScope = {}
    fc.assert(
      fc.property(campaigns, (campaign) => {
        expect(inScope(everything, campaign)).toBe("in")
      })
    )
  })
})

const told = (wanted: ReadonlyArray<string> | undefined, found: string | undefined) =>
  wanted === undefined
    ? true
    : wanted.length === 0
      ? false
      : found === undefined
        ? undefined
        : wanted.includes(found)
