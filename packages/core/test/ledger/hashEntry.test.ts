import fc from "fast-check"
import { expect, it } from "vitest"
import { entryText, hashedText, hashedTextOf, sealEntry } from "../../src/ledger/hashEntry.ts"
import { sha256 } from "../../src/memory/sha256.ts"
import { auditDraft } from "../../src/testing/auditDraft.ts"

const placement = { id: "id", now: 0, previousHash: "0".repeat(64), sequence: 1 }
const anyText = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.constantFrom('"hash":"', '","hash":"x",', "\\")
)

it("the hashed text cut out of the canonical one is the hashed text, whatever the entry holds", () => {
  fc.assert(
    fc.property(anyText, anyText, anyText, (campaignName, errorDetails, detail) => {
      const verdicts = [{ guard: "matrix", status: "passed", detail }] as const
      const entry = sealEntry(
        sha256,
        auditDraft({ campaignName, errorDetails, verdicts }),
        placement
      )
      expect(hashedTextOf(entryText(entry), entry.hash)).toBe(hashedText(entry))
      expect(entry.hash).toBe(sha256(hashedText(entry)))
    })
  )
})

it("every field but the hash counts", () => {
  const entry = sealEntry(sha256, auditDraft(), placement)
  const { hash: _, ...rest } = entry
  for (const key of Object.keys(rest))
    expect(hashedText({ ...entry, [key]: "changed" }), key).not.toBe(hashedText(entry))
  expect(hashedText({ ...entry, hash: "changed" } as typeof entry)).toBe(hashedText(entry))
})

it("fields that no entry has are left out, and absent ones do not count as present", () => {
  const verdicts = [{ guard: "matrix", status: "passed", detail: "yes", note: undefined }]
  // As a caller without types may send it.
  const draft = { ...auditDraft(), verdicts, extra: 1 } as unknown as ReturnType<typeof auditDraft>
  const entry = sealEntry(sha256, draft, placement)
  expect(entry).not.toHaveProperty("extra")
  expect(entryText(entry)).toContain(
    '"verdicts":[{"detail":"yes","guard":"matrix","status":"passed"}]'
  )
})

it("a draft that is none is refused", () => {
  const draft = { ...auditDraft(), requestedBy: 5 } as unknown as ReturnType<typeof auditDraft>
  expect(() => sealEntry(sha256, draft, placement)).toThrow(/requestedBy/)
})
