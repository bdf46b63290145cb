import { assert, describe, expect, it } from "@effect/vitest"
import fc from "fast-check"
import { inject } from "vitest"
import { campaignOf, decodeFrame, topicOf } from "../../src/notifications/decodeFrame.ts"
import { campaign, closing, frameOf } from "../support/fakeChannels.ts"

const RUNS = 300 * inject("scale")
const NOW = 1_000
const ID = campaign(1)

describe("a frame", () => {
  it("of a campaign tells its status, its lock and what else can be read, whatever else it holds", () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.string(), fc.jsonValue()),
        fc.string({ minLength: 1 }),
        fc.bigInt({ min: 0n, max: 10n ** 20n }),
        (more, status, version) => {
          // A number of JSON, not one of JavaScript: its digits are the lock.
          const text = frameOf(ID, {
            ...more,
            id: ID.toUpperCase(),
            name: "Fake",
            campaignStatus: status,
            version: "VERSION",
            division: { id: "d", more },
            queue: null
          }).replace('"VERSION"', String(version))
          expect(decodeFrame(text, NOW)).toEqual({
            _tag: "Changed",
            campaign: {
              id: ID,
              name: "Fake",
              divisionId: "d",
              status,
              lock: String(version),
              receivedAt: NOW
            }
          })
        }
      ),
      { numRuns: RUNS }
    )
  })

  it("of any text at all has a reading", () => {
    const anything = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.json(),
      fc.jsonValue().map((body) => JSON.stringify({ topicName: topicOf(ID), eventBody: body })),
      fc.jsonValue().map((topicName) => JSON.stringify({ topicName, eventBody: {} }))
    )
    fc.assert(
      fc.property(anything, (text) => {
        expect(["Changed", "Closing", "Other", "Unreadable"]).toContain(decodeFrame(text, NOW)._tag)
      }),
      { numRuns: RUNS }
    )
  })

  it("without what is needed is unreadable, and says what it lacks", () => {
    const why = (text: string): string | undefined => {
      const frame = decodeFrame(text, NOW)
      return frame._tag === "Unreadable" ? frame.why : undefined
    }
    assert.match(why("{") ?? "", /not JSON/)
    assert.match(why(`{"result":"404","status":"failure"}`) ?? "", /no topicName/)
    assert.match(why(frameOf(ID, { id: "1" })) ?? "", /no id/)
    assert.match(why(frameOf(ID, { campaignStatus: 1 })) ?? "", /no campaignStatus/)
    assert.match(why(frameOf(ID, { version: "7" })) ?? "", /no version/)
  })

  it("of another topic is a sign of life, and the server's warning is a warning", () => {
    for (const topicName of ["channel.metadata", "v2.system.unheard_of", `${topicOf(ID)}.progress`])
      assert.strictEqual(decodeFrame(JSON.stringify({ topicName }), NOW)._tag, "Other")
    assert.strictEqual(decodeFrame(closing, NOW)._tag, "Closing")
  })
})

describe("a topic", () => {
  it("is read back as the campaign that it was made for", () => {
    assert.strictEqual(campaignOf(topicOf(ID)), ID)
    assert.isUndefined(campaignOf(`${topicOf(ID)}.progress`))
    assert.isUndefined(campaignOf(undefined))
  })
})
