import { readFile } from "node:fs/promises"
import { Result } from "effect"
import { describe, expect, it } from "vitest"
import { readSchedule, renderDstTable } from "../../src/schedules/index.ts"
import { at } from "./support.ts"

const docs = await readFile(new URL("../../docs/schedules.md", import.meta.url), "utf8")

describe("the documentation of schedules", () => {
  it("holds the table that the tests of the clocks are made from", () => {
    expect(docs).toContain(
      `<!-- dst table: generated -->\n\n${renderDstTable()}\n\n<!-- /dst table -->`
    )
  })

  it("shows a schedule that can be read", () => {
    const example = /```json\n(.+?)```/s.exec(docs)?.[1] ?? ""
    const read = readSchedule(
      JSON.parse(example),
      { germany: ["2026-12-25", "2026-12-26"] },
      at("2026-11-23T12:00:00Z")
    )
    expect(Result.isSuccess(read)).toBe(true)
    expect(Result.getOrThrow(read).warnings).toEqual([])
  })
})
