import { describe, expect, it } from "vitest"
import { dstCases, firingsBetween, renderDstTable } from "../../src/schedules/index.ts"
import { at, startingAt, texts } from "./support.ts"

describe("when the clocks change", () => {
  it.each(dstCases)("in $zone ($clocks) $cron: $because", ({ between, cron, fires, zone }) => {
    const [from, to] = between
    const { firings, more } = firingsBetween(startingAt({ cron, zone }), at(from), at(to))
    expect(texts(firings)).toEqual(fires)
    expect(more).toBe(false)
  })
})

describe("renderDstTable", () => {
  it("has a row for each case, with the local time and offset of each firing", () => {
    const [, , ...rows] = renderDstTable().split("\n")
    expect(rows).toHaveLength(dstCases.length)
    expect(rows[0]).toBe(
      "| Europe/Berlin | 2026-03-29, forward from 02:00 to 03:00 | `30 2 * * *` | 2026-03-29 03:00 +02:00 | a skipped time fires at the first instant after the gap |"
    )
    const casablanca = rows.find((row) => row.includes("Casablanca"))
    expect(casablanca).toContain("2026-02-15 02:30 +01:00")
    const apia = rows.find((row) => row.includes("Apia"))
    expect(apia).toContain(
      "2011-12-29 09:00 -10:00<br>2011-12-31 00:00 +14:00<br>2011-12-31 09:00 +14:00"
    )
  })
})
