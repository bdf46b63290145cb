import { CampaignId } from "@campaignctl/core"
import { assert, describe, it } from "@effect/vitest"
import { makeCover } from "../../src/watch/Cover.ts"

const idOf = (number: number) => CampaignId.make(`66666666-6666-4666-8666-00000000000${number}`)
const [one, two, three] = [idOf(1), idOf(2), idOf(3)]
const always = () => true

describe("the cover", () => {
  it("is certain of what was covered before a list began, once the list is there", () => {
    const cover = makeCover()
    cover.covered([one, two])
    const listed = cover.listing()
    cover.covered([three])
    assert.strictEqual(cover.certain(), 0)
    assert.deepStrictEqual(listed(always), [one, two])
    assert.isTrue(cover.isCertain(one))
    assert.isFalse(cover.isCertain(three))
    assert.isTrue(cover.isAwaited())
    assert.deepStrictEqual(cover.listing()(always), [three])
    assert.isFalse(cover.isAwaited())
    assert.strictEqual(cover.certain(), 3)
  })

  it("is certain no more of what is lost, and of what is covered anew until a list", () => {
    const cover = makeCover()
    cover.covered([one, two])
    cover.listing()(always)
    cover.lost([one])
    cover.covered([two])
    assert.deepStrictEqual([cover.isCertain(one), cover.isCertain(two)], [false, false])
    assert.deepStrictEqual(cover.listing()(always), [two])
  })

  it("is not certain of what was lost while the list was made", () => {
    const cover = makeCover()
    cover.covered([one, two])
    const listed = cover.listing()
    cover.lost([one])
    assert.deepStrictEqual(listed(always), [two])
    assert.isFalse(cover.isCertain(one))
  })

  it("is never certain of what the list does not show, nor waits for it", () => {
    const cover = makeCover()
    cover.covered([one, two])
    assert.deepStrictEqual(
      cover.listing()((id) => id === two),
      [two]
    )
    assert.strictEqual(cover.certain(), 1)
    assert.isFalse(cover.isAwaited())
  })
})
