import { createHash } from "node:crypto"
import fc from "fast-check"
import { expect, it } from "vitest"
import { sha256 } from "../../src/memory/sha256.ts"

const oracle = (text: string) => createHash("sha256").update(text, "utf8").digest("hex")

/** Past two blocks of 64 bytes, so that every padding length occurs. */
const LENGTHS = 150

it("agrees with the platform's SHA-256 at every length around a block's end", () => {
  for (let length = 0; length < LENGTHS; length++)
    expect(sha256("a".repeat(length))).toBe(oracle("a".repeat(length)))
})

it("agrees with the platform's SHA-256 on any text", () => {
  fc.assert(
    fc.property(
      fc.string({ unit: "binary", maxLength: 300 }),
      (text) => sha256(text) === oracle(text)
    )
  )
})
