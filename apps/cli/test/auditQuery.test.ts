import { Effect, Result } from "effect"
import { TestClock } from "effect/testing"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { auditQuery } from "../src/audit/auditQuery.ts"

const NOW = Date.parse("2026-11-23T12:00:00Z")

const sinceOf = (since: string): Promise<string | undefined> =>
  Effect.runPromise(
    Effect.gen(function* () {
      yield* TestClock.setTime(NOW)
      const query = yield* Effect.result(auditQuery({ since }))
      return Result.isSuccess(query) ? query.success.since : undefined
    }).pipe(Effect.provide(TestClock.layer()))
  )

describe("--since", () => {
  it("takes a day where the calendar has it, and no other", async () => {
    const number = (most: number) => fc.integer({ min: 0, max: most })
    await fc.assert(
      fc.asyncProperty(number(2100), number(13), number(32), async (year, month, day) => {
        const pad = (part: number, width = 2) => String(part).padStart(width, "0")
        const text = `${pad(year, 4)}-${pad(month)}-${pad(day)}`
        const date = new Date(Date.UTC(2000, month - 1, day))
        date.setUTCFullYear(year, month - 1, day)
        const there = date.getUTCMonth() === month - 1 && date.getUTCDate() === day
        expect(await sinceOf(text)).toBe(there ? `${text}T00:00:00.000Z` : undefined)
        expect(await sinceOf(`${text}T10:00Z`)).toBe(there ? `${text}T10:00:00.000Z` : undefined)
      })
    )
  })

  it("keeps a day's own time zone", async () => {
    expect(await sinceOf("2026-03-01T00:30+01:00")).toBe("2026-02-28T23:30:00.000Z")
  })

  it("looks back further than a wait may last", async () => {
    expect(await sinceOf("72h")).toBe("2026-11-20T12:00:00.000Z")
    expect(await sinceOf("0h")).toBeUndefined()
  })
})
