import { assert, describe, it } from "@effect/vitest"
import { type Campaign, CampaignId, LockToken, type ProgressEvent } from "@campaignctl/core"
import { Effect } from "effect"
import { measuring } from "../src/metrics/measuring.ts"

const campaign: Campaign = {
  id: CampaignId.make("11111111-1111-4111-8111-111111111111"),
  name: "canary-name",
  status: "on",
  lock: LockToken.make("1"),
  observedAt: 0,
  original: {}
}

/** How many series a run of so many attempts leaves behind. */
const seriesOf = (events: ReadonlyArray<ProgressEvent>): ReadonlySet<string> => {
  const series = new Set<string>()
  const { report } = measuring([
    (metric, _, labels) => series.add(`${metric} ${JSON.stringify(labels)}`)
  ])
  for (const event of events) Effect.runSync(report(event))
  return series
}

describe("what runs are measured under", () => {
  it("is the same few labels however many campaigns and attempts there are", () => {
    const sending = Array.from({ length: 50 }, (_, n) => ({
      _tag: "Sending" as const,
      campaign: { ...campaign, name: `canary-name ${n}` },
      attempt: n + 1
    }))
    assert.deepStrictEqual(
      [...seriesOf(sending)],
      ['attempts {"try":"first"}', 'attempts {"try":"retry"}']
    )
  })
})
