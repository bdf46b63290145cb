import type { CampaignId } from "@campaignctl/core"
import { expect, it } from "@effect/vitest"
import fc from "fast-check"
import { inject } from "vitest"
import { emptySpread, type Spread, spread } from "../../src/notifications/spread.ts"
import { campaign } from "../support/fakeChannels.ts"

const RUNS = 300 * inject("scale")
const CHANNELS = 4
const ROOM = 3

const ids = fc
  .array(fc.integer({ min: 0, max: 15 }), { maxLength: 20 })
  .map((numbers) => numbers.map(campaign))

const placesOf = ({ channels }: Spread): ReadonlyMap<CampaignId, number> =>
  new Map(channels.flatMap((channel, index) => [...channel].map((id) => [id, index] as const)))

it("campaigns are spread over the channels, none twice, none lost, and those that stay stay where they are", () => {
  fc.assert(
    fc.property(fc.array(ids, { minLength: 1, maxLength: 6 }), (history) => {
      let before = emptySpread(CHANNELS)
      for (const wanted of history) {
        const after = spread(before, wanted, ROOM)
        const all = [...after.channels.flatMap((channel) => [...channel]), ...after.left]
        expect(all.toSorted()).toEqual([...new Set(wanted)].toSorted())
        expect(after.channels.every(({ size }) => size <= ROOM)).toBe(true)
        expect(after.left).toHaveLength(Math.max(0, new Set(wanted).size - CHANNELS * ROOM))
        const [were, are] = [placesOf(before), placesOf(after)]
        const moved = [...were].filter(([id, place]) => are.has(id) && are.get(id) !== place)
        expect(moved).toEqual([])
        for (const [index, channel] of after.channels.entries()) {
          const old = before.channels[index] ?? new Set()
          const equal = channel.size === old.size && [...channel].every((id) => old.has(id))
          expect(channel === old).toBe(equal)
        }
        before = after
      }
    }),
    { numRuns: RUNS }
  )
})
