import { afterAll, assert, beforeAll, describe, it } from "vitest"
import { Divided, pause, PAUSE, withoutNames } from "./support/divided.ts"

/** Milliseconds between two looks. */
const LOOK_MS = 20
const NOBODY = "11111111-1111-4111-8111-111111111111"
/** Every way of asking about one subscription. */
const OF_ONE = [
  ["GET", ""],
  ["PATCH", "", { enabled: false }],
  ["POST", "/test"],
  ["POST", "/secret", {}],
  ["GET", "/deliveries"],
  ["POST", "/redeliver"],
  ["DELETE", ""]
] as const

describe("webhooks of callers bound to divisions", () => {
  let here: Divided
  let theirs: string
  let everybodys: string

  beforeAll(async () => {
    here = await Divided.make({ CAMPAIGNCTL_WEBHOOK_ALLOW: "127.0.0.1" })
    // Nobody listens there: what is to be sent is kept.
    const body = { url: "http://127.0.0.1:9/", eventTypes: ["campaign.state.changed"] }
    const bound = await here.api("POST", "/v1/webhooks", { body, key: here.bound })
    assert.deepStrictEqual(bound.body.subscription.divisionIds, [here.home])
    theirs = bound.body.subscription.id
    everybodys = (await here.api("POST", "/v1/webhooks", { body })).body.subscription.id
  })
  afterAll(() => here[Symbol.asyncDispose]())

  const deliveries = async (id: string) =>
    (await here.api("GET", `/v1/webhooks/${id}/deliveries`)).body.deliveries

  it("are told of their own campaigns alone", async () => {
    const away = await here.campaign("Away", here.away)
    const home = await here.campaign("Home", here.home)
    for (const id of [away, home])
      await here.api("POST", `/v1/campaigns/${id}/transitions`, { body: PAUSE })
    const told = async (id: string) => [
      ...new Set((await deliveries(id)).map(({ campaignId }: { campaignId: string }) => campaignId))
    ]
    while (!(await told(everybodys)).includes(home)) await pause(LOOK_MS)
    assert.sameMembers(await told(everybodys), [away, home])
    assert.deepStrictEqual(await told(theirs), [home])
  })

  it("are all that such a caller has: others are not there", async () => {
    const list = await here.api("GET", "/v1/webhooks", { key: here.bound })
    assert.deepStrictEqual(
      list.body.subscriptions.map(({ id }: { id: string }) => id),
      [theirs]
    )
    const [delivery] = await deliveries(everybodys)
    const asked = [
      ...OF_ONE.map(([method, suffix, body]) => ({
        method,
        path: (id: string) => `/v1/webhooks/${id}${suffix}`,
        id: everybodys,
        body
      })),
      ...(["", "/redeliver"] as const).map((suffix) => ({
        method: suffix === "" ? "GET" : "POST",
        path: (id: string) => `/v1/webhooks/deliveries/${id}${suffix}`,
        id: delivery.id,
        body: undefined
      }))
    ]
    for (const { body, id, method, path } of asked) {
      const [others, none] = await Promise.all(
        [id, NOBODY].map(async (one) => {
          const reply = await here.api(method, path(one), {
            key: here.bound,
            ...(body === undefined ? {} : { body })
          })
          return [reply.status, withoutNames(reply, one)]
        })
      )
      assert.deepStrictEqual(others, none)
      assert.strictEqual(others?.[0], 404)
    }
    assert.isNull((await here.api("GET", `/v1/webhooks/${everybodys}`)).body.disabled)
    const own = await here.api("GET", `/v1/webhooks/${theirs}`, { key: here.bound })
    assert.strictEqual(own.status, 200)
  })

  it("do not learn how many campaigns there are elsewhere from the watch", async () => {
    const watch = async (key: string) => (await here.api("GET", "/v1/watch", { key })).body
    while (!(await watch(here.right)).watches) await pause(LOOK_MS)
    assert.isNumber((await watch(here.right)).campaigns)
    const { campaigns, covered } = await watch(here.bound)
    assert.deepStrictEqual([campaigns, covered], [null, null])
  })
})
