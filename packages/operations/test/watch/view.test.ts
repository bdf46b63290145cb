import { type Campaign, CampaignId, type CampaignSeen, LockToken } from "@campaignctl/core"
import { ANY_CAMPAIGN_ID } from "@campaignctl/core/testing"
import { assert, describe, it } from "@effect/vitest"
import fc from "fast-check"
import { inject } from "vitest"
import { makeView, type View } from "../../src/watch/View.ts"
import { testSeed } from "../support/random.ts"

const ID = CampaignId.make(ANY_CAMPAIGN_ID)
const RUNS = 2_000 * inject("scale")

const shown = (lock: string, status: string, more: Partial<Campaign> = {}): Campaign => ({
  id: ID,
  name: "Winter renewals",
  status,
  lock: LockToken.make(lock),
  queue: { id: "sales", name: "Sales" },
  division: { id: "home" },
  observedAt: 0,
  original: null,
  ...more
})
const heard = (lock: string, status: string, receivedAt: number): CampaignSeen => ({
  id: ID,
  status,
  lock: LockToken.make(lock),
  receivedAt
})
const now = (view: View) => {
  const sighted = view.campaigns.get(ID)
  return sighted === undefined ? undefined : [sighted.campaign.lock, sighted.campaign.status]
}
/** A view that has listed the campaign, the list asked for at that time. */
const viewOf = (campaign: Campaign, askedAt = 0): View => {
  const view = makeView()
  view.list([campaign], askedAt)
  return view
}

describe("the view", () => {
  it("ends with the newest, whatever order it is told in, and how often", () => {
    const statuses = fc.array(fc.constantFrom("on", "off", "stopping", "complete", "new one"), {
      minLength: 1,
      maxLength: 12
    })
    const told = statuses.chain((all) =>
      fc.record({
        all: fc.constant(all),
        order: fc
          .array(fc.nat({ max: all.length - 1 }), { maxLength: 20 })
          .chain((twice) => fc.shuffledSubarray([...all.keys(), ...twice], { minLength: 0 })),
        listed: fc.nat({ max: all.length - 1 }),
        listAt: fc.nat({ max: 20 })
      })
    )
    fc.assert(
      fc.property(told, ({ all, listAt, listed, order }) => {
        const version = (index: number) => String(index + 9)
        const view = viewOf(shown("8", "off"))
        let newest = -1
        const list = () => {
          view.list([shown(version(listed), all[listed] ?? "")], 1_000 + listAt)
          newest = Math.max(newest, listed)
        }
        for (const [place, index] of order.entries()) {
          if (place === listAt) list()
          const isNews = view.hear(heard(version(index), all[index] ?? "", 1_000 + place))
          assert.strictEqual(isNews, index > newest)
          newest = Math.max(newest, index)
        }
        if (listAt >= order.length) list()
        assert.deepStrictEqual(now(view), [version(newest), all[newest]])
      }),
      { numRuns: RUNS, seed: testSeed() }
    )
  })

  it("takes the later word under one lock, unless the list was asked for before it", () => {
    const view = viewOf(shown("8", "stopping"))
    assert.isTrue(view.hear(heard("8", "off", 50)))
    assert.deepStrictEqual(view.list([shown("8", "stopping")], 50).changed, [])
    assert.deepStrictEqual(now(view), ["8", "off"])
    assert.deepStrictEqual(view.list([shown("8", "stopping")], 51).changed, [ID])
    assert.deepStrictEqual(now(view), ["8", "stopping"])
  })

  it("says of a body that is older than its lock that it is", () => {
    const view = viewOf(shown("8", "off"))
    assert.isFalse(view.campaigns.get(ID)?.heard)
    view.hear(heard("9", "on", 1))
    assert.isTrue(view.campaigns.get(ID)?.heard)
    view.list([shown("9", "on")], 2)
    assert.isFalse(view.campaigns.get(ID)?.heard)
  })

  it.each([
    ["a start", "9", "on", false],
    ["the end of a drain under the same lock", "8", "on", false],
    ["an edit", "9", "off", true],
    ["a start with something before it", "10", "on", true],
    ["a lock that is no number", "W/abc", "on", true]
  ])(
    "is to be listed again only after what may have been an edit: %s",
    (_, lock, status, edited) => {
      const view = viewOf(shown("8", "off"))
      view.hear(heard(lock, status, 1))
      assert.strictEqual(view.campaigns.get(ID)?.edited, edited)
      view.listSome([shown(lock, status)], 2)
      assert.isFalse(view.campaigns.get(ID)?.edited)
    }
  )

  it("stays one to be listed again when only its status changes after an edit", () => {
    const view = viewOf(shown("8", "off"))
    view.hear(heard("9", "off", 1))
    view.hear(heard("10", "on", 2))
    assert.isTrue(view.campaigns.get(ID)?.edited)
  })

  it("takes queue, division and name from an event that tells them", () => {
    const view = viewOf(shown("8", "off"))
    view.hear({ ...heard("9", "off", 1), queueId: "sales", divisionId: "north", name: "Renamed" })
    const campaign = view.campaigns.get(ID)?.campaign
    assert.deepStrictEqual(
      [campaign?.queue, campaign?.division, campaign?.name],
      [{ id: "sales", name: "Sales" }, { id: "north" }, "Renamed"]
    )
  })

  it("hears nothing of what was never listed, and forgets what is listed no more", () => {
    const view = makeView()
    assert.isFalse(view.hear(heard("9", "on", 1)))
    view.list([shown("8", "off")], 2)
    assert.deepStrictEqual(view.listSome([], 3), [])
    assert.isDefined(now(view))
    assert.deepStrictEqual(view.list([], 4), { changed: [], gone: [ID] })
    assert.isUndefined(now(view))
  })
})
