import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { nearest, editDistance } from "../src/arguments/nearest.ts"
import { commandLine } from "../src/demo/commandLine.ts"
import { closedWindow } from "../src/demo/steps.ts"
import { onOneLine } from "../src/render/onOneLine.ts"
import { shortened, textWidth } from "../src/render/textWidth.ts"
import { type Column, table } from "../src/render/table.ts"
import { showsColours } from "../src/terminal/processTerminal.ts"

/** Text as campaigns may be called: letters of every script, emoji, control characters. */
const anyText = fc.string({ unit: "grapheme", maxLength: 60 })
const paint = (_style: unknown, text: string) => text

describe("onOneLine", () => {
  it("leaves nothing that moves a terminal's cursor, starts a line or turns the direction", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        expect(onOneLine(text)).not.toMatch(/[\p{Cc}\u2028\u2029\u202A-\u202E\u2066-\u2069]/u)
      })
    )
  })
})

describe("shortened", () => {
  it("fits, and keeps what fits already", () => {
    fc.assert(
      fc.property(anyText, fc.integer({ min: 1, max: 70 }), (text, columns) => {
        const short = shortened(text, columns)
        expect(textWidth(short)).toBeLessThanOrEqual(columns)
        expect(textWidth(text) <= columns ? short === text : short.endsWith("…")).toBe(true)
      })
    )
  })

  it("counts wide letters as two", () => {
    expect(["abc", "–…é", "電話", "📞"].map(textWidth)).toEqual([3, 3, 4, 2])
  })
})

describe("table", () => {
  const columns: ReadonlyArray<Column<{ id: number; name: string; why: string }>> = [
    { title: "ID", text: ({ id }) => String(id) },
    { title: "NAME", text: ({ name }) => name, gives: "end" },
    { title: "STATE", text: () => "paused" }
  ]
  const [id, name, state] = columns
  const why: Column<{ why: string }> = { title: "WHY", text: (row) => row.why, gives: "words" }
  const rows = fc.array(fc.record({ id: fc.nat(9_999), name: anyText, why: anyText }), {
    minLength: 1,
    maxLength: 8
  })

  it("has a line for each row where the window has room, none wider than it", () => {
    fc.assert(
      fc.property(rows, fc.integer({ min: 36, max: 120 }), (found, width) => {
        const lines = table(columns, found, { columns: width, paint })
        expect(lines).toHaveLength(found.length + 1)
        for (const line of lines) expect(textWidth(line)).toBeLessThanOrEqual(width)
      })
    )
  })

  it("takes several lines a row in a narrow window, and leaves out nothing but a name's end", () => {
    fc.assert(
      fc.property(rows, fc.integer({ min: 12, max: 35 }), (found, width) => {
        const lines = table(columns, found, { columns: width, paint })
        for (const line of lines) expect(textWidth(line)).toBeLessThanOrEqual(width)
        expect(lines.length % (found.length + 1)).toBe(0)
        const shown = lines.join(" ")
        for (const row of found) expect(shown).toContain(String(row.id))
        expect(shown.split("paused").length - 1).toBeGreaterThanOrEqual(found.length)
      })
    )
  })

  it("goes on between words where a reason is too long for its line, and keeps all of it", () => {
    const words = fc.array(fc.stringMatching(/^[a-z]{1,12}$/), { minLength: 1, maxLength: 40 })
    fc.assert(
      fc.property(words, fc.integer({ min: 30, max: 100 }), (said, width) => {
        const found = [{ id: 1, name: "Campaign", why: said.join(" ") }]
        const shown = table([id, why].flatMap((one) => one ?? []) as typeof columns, found, {
          columns: width,
          paint
        })
        for (const line of shown) expect(textWidth(line)).toBeLessThanOrEqual(width)
        const [, ...body] = shown
        expect(body.join(" ").trim().split(/\s+/).slice(1)).toEqual(said)
      })
    )
  })

  it("shows a campaign's whole row in eighty columns", () => {
    const campaign = { id: 1, name: "After-Service Survey", why: "" }
    const uuid: Column<typeof campaign> = {
      title: "ID",
      text: () => "c2acc07f-fec6-4864-b23c-721a2f0264ea"
    }
    const queue: Column<typeof campaign> = { title: "QUEUE", text: () => "Surveys of all kinds" }
    expect(
      table(
        [uuid, name, state, queue].flatMap((one) => one ?? []),
        [campaign],
        {
          columns: 80,
          paint
        }
      )
    ).toEqual([
      "ID                                    NAME                  STATE",
      "    QUEUE",
      "c2acc07f-fec6-4864-b23c-721a2f0264ea  After-Service Survey  paused",
      "    Surveys of all kinds"
    ])
  })

  it("has no line without a row", () => {
    expect(table([{ title: "A", text: () => "" }], [], { columns: 80, paint })).toEqual([])
  })
})

describe("nearest", () => {
  const words = ["AGENT_CAPACITY", "COMPLIANCE", "CUSTOMER_REQUEST", "OTHER"] as const

  it("finds a word through case, dashes and one slip", () => {
    fc.assert(
      fc.property(fc.constantFrom(...words), fc.nat(4), (word, at) => {
        expect(nearest(word.toLowerCase().replaceAll("_", "-"), words)).toBe(word)
        expect(nearest(word.slice(0, at) + word.slice(at + 1), words)).toBe(word)
      })
    )
  })

  it("suggests nothing where nothing is near", () => {
    for (const word of ["", "-", "banana", "x"]) expect(nearest(word, words)).toBeUndefined()
  })

  it("measures a distance", () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 8 }), fc.string({ maxLength: 8 }), (a, b) => {
        expect(editDistance(a, a)).toBe(0)
        expect(editDistance(a, b)).toBe(editDistance(b, a))
        expect(editDistance(a, b)).toBeLessThanOrEqual(Math.max(a.length, b.length))
      })
    )
    expect(editDistance("pasued", "paused")).toBe(1)
  })
})

describe("colours", () => {
  it("are shown on a terminal alone, unless somebody asked for none", () => {
    const shown = (onTerminal: boolean, colour: boolean, env: Record<string, string>) =>
      showsColours(onTerminal, { colour, env })
    expect(shown(true, true, {})).toBe(true)
    expect(shown(true, true, { NO_COLOR: "" })).toBe(true)
    expect(shown(true, true, { NO_COLOR: "1" })).toBe(false)
    expect(shown(true, true, { TERM: "dumb" })).toBe(false)
    expect(shown(true, false, {})).toBe(false)
    expect(shown(false, true, {})).toBe(false)
  })
})

describe("the demonstration", () => {
  it("writes commands as a shell understands them", () => {
    expect(commandLine(["pause", "ID", "--note", 'a "b" $c'], { W: "00:00-01:00 UTC" })).toBe(
      'W="00:00-01:00 UTC" campaignctl pause ID --note "a \\"b\\" \\$c"'
    )
  })

  it("finds a window that is closed at any hour", () => {
    for (let hour = 0; hour < 24; hour++) {
      const window = closedWindow(new Date(Date.UTC(2026, 10, 23, hour, 30)))
      const [, from = "", to = ""] = /^(\d\d):00-(\d\d):00 UTC$/.exec(window) ?? []
      expect(Number(to)).toBe(Number(from) + 1)
      expect(Number(from)).not.toBe(hour)
    }
  })
})
