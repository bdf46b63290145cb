import { configPages } from "@campaignctl/core"
import { httpConfigPages } from "@campaignctl/http"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { misspelt } from "../src/compose/misspelt.ts"

const keys = configPages.map(({ key }) => key)

describe("a misspelt name of the configuration", () => {
  it("is found in the environment and in a profile, whichever letter was lost", () => {
    fc.assert(
      fc.property(fc.constantFrom(...keys), fc.nat(), (meant, at) => {
        // The part that tells it from other names, so that it still begins as ours do.
        const start = meant.indexOf("_") + 1
        const lost = start + (at % (meant.length - start))
        const name = meant.slice(0, lost) + meant.slice(lost + 1)
        expect(misspelt({ [name]: "x" }, {})).toEqual([{ name, meant }])
        expect(misspelt({}, { [name]: "x" })).toEqual([{ name, meant }])
      })
    )
  })

  it("is none of the names that are used, nor any other program's", () => {
    const used = [...keys, ...httpConfigPages.map(({ key }) => key), "CAMPAIGN", "WEB", "OTEL_SDK"]
    expect(misspelt(Object.fromEntries(used.map((name) => [name, "x"])), {})).toEqual([])
  })
})
