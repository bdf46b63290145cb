import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { commandFirst } from "../src/arguments/commandFirst.ts"

const leading = fc.constantFrom(
  ["-o", "json"],
  ["--output=yaml"],
  ["--contract", "etag"],
  ["--quiet"],
  ["--profile", "a.yaml"],
  ["--no-color"]
)
const word = fc.string({ minLength: 1 }).filter((text) => !text.startsWith("-"))

describe("common options before the command", () => {
  it("mean the same behind it", () => {
    fc.assert(
      fc.property(
        fc.array(leading, { maxLength: 4 }),
        word,
        fc.array(word),
        (before, command, args) => {
          const options = before.flat()
          expect(commandFirst([...options, command, ...args])).toEqual([
            command,
            ...args,
            ...options
          ])
        }
      )
    )
  })

  it("stay before what is marked as no option", () => {
    expect(commandFirst(["-q", "get", "--", "--odd"])).toEqual(["get", "-q", "--", "--odd"])
  })

  it.each([[["--help"]], [["--version"]], [[]], [["get", "-o", "json"]], [["-o", "json"]]])(
    "leave %j as it is",
    (argv) => {
      expect(commandFirst(argv)).toEqual(argv)
    }
  )
})
