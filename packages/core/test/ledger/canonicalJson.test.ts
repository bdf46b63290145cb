import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { canonicalJson, NotCanonical } from "../../src/ledger/canonicalJson.ts"

/** RFC 8785, appendix B: IEEE 754 bit patterns and the text that each must have. */
const NUMBERS: ReadonlyArray<readonly [bits: string, text: string]> = [
  ["0000000000000000", "0"],
  ["8000000000000000", "0"],
  ["0000000000000001", "5e-324"],
  ["8000000000000001", "-5e-324"],
  ["7fefffffffffffff", "1.7976931348623157e+308"],
  ["ffefffffffffffff", "-1.7976931348623157e+308"],
  ["4340000000000000", "9007199254740992"],
  ["c340000000000000", "-9007199254740992"],
  ["4430000000000000", "295147905179352830000"],
  ["44b52d02c7e14af5", "9.999999999999997e+22"],
  ["44b52d02c7e14af6", "1e+23"],
  ["44b52d02c7e14af7", "1.0000000000000001e+23"],
  ["444b1ae4d6e2ef4e", "999999999999999700000"],
  ["444b1ae4d6e2ef4f", "999999999999999900000"],
  ["444b1ae4d6e2ef50", "1e+21"],
  ["3eb0c6f7a0b5ed8c", "9.999999999999997e-7"],
  ["3eb0c6f7a0b5ed8d", "0.000001"],
  ["41b3de4355555553", "333333333.3333332"],
  ["41b3de4355555554", "333333333.33333325"],
  ["41b3de4355555555", "333333333.3333333"],
  ["41b3de4355555556", "333333333.3333334"],
  ["41b3de4355555557", "333333333.33333343"],
  ["becbf647612f3696", "-0.0000033333333333333333"],
  ["43143ff3c1cb0959", "1424953923781206.2"]
]

const ofBits = (bits: string): number => {
  const view = new DataView(new ArrayBuffer(8))
  view.setBigUint64(0, BigInt(`0x${bits}`))
  return view.getFloat64(0)
}

describe("canonical JSON is RFC 8785's", () => {
  it.each(NUMBERS)("the number of bits %s is written %s", (bits, text) => {
    expect(canonicalJson(ofBits(bits))).toBe(text)
  })

  it.each([Number.NaN, Infinity, -Infinity])("%s has no form", (value) => {
    expect(() => canonicalJson(value)).toThrow(NotCanonical)
  })

  it("the example of section 3.2.2", () => {
    const value = {
      numbers: [Number("333333333.33333329"), 1e30, 4.5, 2e-3, 0.000000000000000000000000001],
      string: "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"/",
      literals: [null, true, false]
    }
    expect(canonicalJson(value)).toBe(
      String.raw`{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],` +
        String.raw`"string":"€$\u000f\nA'B\"\\\\\"/"}`
    )
  })

  it("the keys of section 3.2.3 sort by UTF-16 code units", () => {
    const value = {
      "\u20ac": "Euro Sign",
      "\r": "Carriage Return",
      "\ufb33": "Hebrew Letter Dalet With Dagesh",
      "1": "One",
      "\ud83d\ude00": "Emoji: Grinning Face",
      "\u0080": "Control",
      "\u00f6": "Latin Small Letter O With Diaeresis"
    }
    const order = [...canonicalJson(value).matchAll(/:"([^"]+)"/g)].map(([, name]) => name)
    expect(order).toEqual([
      "Carriage Return",
      "One",
      "Control",
      "Latin Small Letter O With Diaeresis",
      "Euro Sign",
      "Emoji: Grinning Face",
      "Hebrew Letter Dalet With Dagesh"
    ])
  })

  it.each(["\ud800", "a\udc00b"])(
    "half a surrogate pair has no form, as text or as key",
    (half) => {
      expect(() => canonicalJson(half)).toThrow(NotCanonical)
      expect(() => canonicalJson({ [half]: 1 })).toThrow(NotCanonical)
    }
  )

  it("is the same for any order of keys, reads back as the value, and is its own canonical form", () => {
    const value = fc.jsonValue({ stringUnit: "binary" })
    fc.assert(
      fc.property(value, (json) => {
        const parsed: unknown = JSON.parse(JSON.stringify(json))
        fc.pre(
          JSON.stringify(parsed).isWellFormed() && !/\\ud[89a-f]/i.test(JSON.stringify(parsed))
        )
        // Both are JSON already: they came out of JSON.parse.
        const text = canonicalJson(parsed as Parameters<typeof canonicalJson>[0])
        expect(JSON.parse(text)).toEqual(parsed)
        expect(canonicalJson(reversed(parsed) as Parameters<typeof canonicalJson>[0])).toBe(text)
        expect(canonicalJson(JSON.parse(text))).toBe(text)
      })
    )
  })
})

const reversed = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(reversed)
  if (typeof value !== "object" || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .toReversed()
      .map(([key, member]) => [key, reversed(member)])
  )
}
