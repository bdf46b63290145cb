import { configPages } from "@campaignctl/core"
import { httpConfigPages } from "@campaignctl/http"
import { Effect } from "effect"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { misspelt, profileProblems } from "../src/compose/misspelt.ts"

const keys = configPages.map(({ key }) => key)

describe("a misspelt name of the configuration", () => {
  it("is found in the environment, whichever letter was lost", () => {
    fc.assert(
      fc.property(fc.constantFrom(...keys), fc.nat(), (meant, at) => {
        // The part that tells it from other names, so that it still begins as ours do.
        const start = meant.indexOf("_") + 1
        const lost = start + (at % (meant.length - start))
        const name = meant.slice(0, lost) + meant.slice(lost + 1)
        expect(misspelt({ [name]: "x" })).toEqual([{ name, meant }])
      })
    )
  })

  it("is none of the names that are used, nor any other program's", () => {
    const used = [...keys, ...httpConfigPages.map(({ key }) => key), "CAMPAIGN", "WEB", "OTEL_SDK"]
    expect(misspelt(Object.fromEntries(used.map((name) => [name, "x"])))).toEqual([])
  })
})

describe("a profile", () => {
  const problemsOf = (names: ReadonlyArray<string>) =>
    Effect.runPromise(profileProblems(Object.fromEntries(names.map((name) => [name, "x"]))))

  it("may hold the names of the command line and of the service, which share the file", async () => {
    const aliases = configPages.flatMap((page) => ("aliases" in page ? page.aliases : []))
    const service = httpConfigPages.map(({ key }) => key)
    expect(await problemsOf([...keys, ...aliases, ...service])).toEqual([])
  })

  it("may hold no other, whether or not it is like one: each is listed", async () => {
    const found = "one that it does not have"
    expect(await problemsOf(["GENESYS_REGON", "COLOUR", "__proto__x", "genesys_contract"])).toEqual(
      [
        {
          key: "GENESYS_REGON",
          expected: "a name of the configuration, perhaps GENESYS_REGION",
          found
        },
        { key: "COLOUR", expected: "a name of the configuration", found },
        { key: "__proto__x", expected: "a name of the configuration", found },
        {
          key: "genesys_contract",
          expected: "a name of the configuration, perhaps GENESYS_CONTRACT",
          found
        }
      ]
    )
  })
})
