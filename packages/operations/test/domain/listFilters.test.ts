import { CampaignId, type CampaignFilter, type HoldScope, inScope } from "@campaignctl/core"
import { expect, it } from "@effect/vitest"
import fc from "fast-check"
import { filterOf, filtersOf } from "../../src/domain/listFilters.ts"

const idOf = (number: number) => CampaignId.make(`66666666-6666-4666-8666-00000000000${number}`)
const letters = fc.constantFrom("a", "B", "é", "ß", "*", "?", " ")
const text = fc.array(letters, { maxLength: 4 }).map((all) => all.join(""))
const few = <A>(one: fc.Arbitrary<A>) => fc.array(one, { maxLength: 3 })
const id = fc.nat({ max: 3 }).map(idOf)
const name = fc.constantFrom("north", "south", "west")

const campaign = fc.record({ id, name: text, division: name, queue: name }).map((one) => ({
  ...one,
  division: { id: one.division, name: one.division },
  queue: { id: one.queue, name: one.queue }
}))
const scope: fc.Arbitrary<HoldScope> = fc.record(
  {
    ids: few(id),
    divisionIds: few(name),
    queueIds: few(name),
    namePattern: text.filter((pattern) => pattern !== "")
  },
  { requiredKeys: [] }
)

/** Whether the API lists a campaign, however strictly it compares names: one queue, and an empty list is none. */
const lists = (
  filter: CampaignFilter,
  { division, id, name, queue }: typeof campaign extends fc.Arbitrary<infer A> ? A : never
): boolean =>
  (filter.ids === undefined || filter.ids.includes(id)) &&
  (filter.divisionIds === undefined || filter.divisionIds.includes(division.id)) &&
  (filter.queueId === undefined || filter.queueId === queue.id) &&
  (filter.namePrefix === undefined ||
    name.toUpperCase().startsWith(filter.namePrefix.toUpperCase()))

it("lists every campaign of a scope, in one list and in one for each queue", () => {
  let inside = 0
  fc.assert(
    fc.property(scope, campaign, (wanted, one) => {
      if (inScope(wanted, one) !== "in") return
      inside += 1
      expect(lists(filterOf(wanted), one)).toBe(true)
      expect(filtersOf(wanted).some((filter) => lists(filter, one))).toBe(true)
    }),
    { numRuns: 5_000 }
  )
  expect(inside).toBeGreaterThan(50)
})

it("lists nothing beside a campaign's queue where a scope names but one, and no name by a letter that has two forms", () => {
  expect(filterOf({ queueIds: ["a"], namePattern: "Aß*" })).toEqual({
    queueId: "a",
    namePrefix: "A"
  })
  expect(filtersOf({ queueIds: ["a", "b"] })).toEqual([{ queueId: "a" }, { queueId: "b" }])
  expect(filtersOf({ ids: [] })).toEqual([])
})
