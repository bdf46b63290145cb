import { CampaignId, CampaignState } from "@campaignctl/core"
import fc from "fast-check"
import { expect, it } from "vitest"
import { Problems } from "../src/arguments/Problems.ts"
import { selectorOf, selectorText } from "../src/operations/selectorOf.ts"

const some = <A>(one: fc.Arbitrary<A>) => fc.array(one, { minLength: 1, maxLength: 3 })
const id = fc.uuid()

const selectors = fc
  .record(
    {
      ids: some(id.map((text) => CampaignId.make(text))),
      divisionIds: some(id),
      queueIds: some(id),
      states: some(fc.constantFrom(...CampaignState.literals)),
      namePattern: fc.constantFrom("*", "EMEA *", "a?b=c")
    },
    { requiredKeys: [] }
  )
  .map((parts) => (Object.keys(parts).length === 0 ? { all: true as const } : parts))

it("is shown in the words in which it is asked for", () => {
  fc.assert(
    fc.property(selectors, (selector) => {
      expect(selectorOf([selectorText(selector)], new Problems())).toEqual(selector)
    })
  )
})

it("shows a list of nothing as such, since it means no campaign", () => {
  expect(selectorText({ ids: [], namePattern: "a*" })).toBe("name=a*,no id")
})
