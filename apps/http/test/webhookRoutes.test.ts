import { GatewayWorld } from "@campaignctl/core/testing"
import { layerSqliteClient } from "@campaignctl/ledger-sql"
import { deliverOver, Webhooks } from "@campaignctl/webhooks"
import { type Context, Effect, Layer, ManagedRuntime, Redacted } from "effect"
import { Webhook } from "standardwebhooks"
import { afterAll, assert, beforeAll, describe, it } from "vitest"
import { createApp, Idempotency, openApiOf, routes } from "../src/index.ts"
import { fingerprintOf } from "../src/idempotency/Idempotency.ts"
import { client, Description, type Reply } from "./support/checked.ts"
import { pause, PAUSE } from "./support/divided.ts"
import { memoryServices } from "./support/memoryApp.ts"
import { webhookServices } from "./support/webhookServices.ts"

const HERE = "https://here.example/hook?key=hers"
/** Nobody answers there. */
const SILENT = "https://silent.example/hook"
const NOBODY = "11111111-1111-4111-8111-111111111111"
/** Milliseconds between two looks. */
const LOOK_MS = 20

/** Subscriptions and deliveries on a database, with a receiver that is only a list, and the service over them. */
const makeWorld = async () => {
  const { layer, sent } = webhookServices()
  const services = Layer.effectDiscard(Effect.forkScoped(deliverOver)).pipe(
    Layer.provideMerge(layer),
    Layer.provideMerge(memoryServices),
    Layer.provideMerge(layerSqliteClient({ filename: ":memory:" }))
  )
  const runtime = ManagedRuntime.make(services)
  const context = await runtime.context()
  const run = <A, E>(
    effect: Effect.Effect<A, E, typeof context extends Context.Context<infer R> ? R : never>
  ) => runtime.runPromise(effect)
  const { app, dispose } = createApp({
    layer: Layer.succeedContext(context),
    ratePerMinute: null
  })
  const description = new Description(JSON.parse(JSON.stringify(openApiOf(routes, ""))))
  const api = client((path, init) => app.request(path, init), description)
  return {
    api,
    run,
    sent,
    to: (url: string) => sent.filter((message) => message.url === url),
    /** Subscribes somebody; the answer. */
    add: (body: object, headers: Record<string, string> = {}) =>
      api("POST", "/v1/webhooks", { body, headers }),
    /** Pauses a campaign of its own. */
    change: async () => {
      const id = await run(
        GatewayWorld.use((world) => world.addCampaign({ name: "Told of", state: "active" }))
      )
      const { status } = await api("POST", `/v1/campaigns/${id}/transitions`, { body: PAUSE })
      assert.strictEqual(status, 200)
      return id
    },
    deliveries: async (id: string, query = ""): Promise<Reply["body"]> =>
      (await api("GET", `/v1/webhooks/${id}/deliveries${query}`)).body,
    close: async () => {
      await dispose()
      await runtime.dispose()
    }
  }
}

describe("webhooks over HTTP", () => {
  let world: Awaited<ReturnType<typeof makeWorld>>

  beforeAll(async () => {
    world = await makeWorld()
  })
  afterAll(() => world.close())

  const until = async (holds: () => boolean | Promise<boolean>): Promise<void> => {
    while (!(await holds())) await pause(LOOK_MS)
  }

  it("a receiver is subscribed, and told of a change, signed with the secret that it was given", async () => {
    const added = await world.add({ url: HERE, eventTypes: ["campaign.state.changed"] })
    assert.strictEqual(added.status, 201, added.text)
    const { secret, subscription } = added.body
    assert.strictEqual(added.headers.get("location"), `/v1/webhooks/${subscription.id}`)
    assert.strictEqual(added.headers.get("cache-control"), "no-store")
    const id = await world.change()
    await until(() => world.to(HERE).length > 0)
    const [message] = world.to(HERE)
    const headers = { ...message?.headers }
    const event = new Webhook(secret).verify(message?.body ?? "", headers) as Reply["body"] // it is JSON
    assert.deepInclude(event, { type: "campaign.state.changed", subject: id })
    assert.deepInclude(event.data, { source: "http", previousState: "active", state: "paused" })
    for (const path of [`/v1/webhooks/${subscription.id}`, "/v1/webhooks"])
      assert.notInclude((await world.api("GET", path)).text, secret)
    const shown = await world.api("GET", `/v1/webhooks/${subscription.id.toUpperCase()}`)
    assert.deepStrictEqual(shown.body, subscription)
  })

  it("one that is disabled is told nothing until it is enabled again", async () => {
    const { body } = await world.add({ url: "https://asleep.example/" })
    const path = `/v1/webhooks/${body.subscription.id}`
    const off = await world.api("PATCH", path, { body: { enabled: false, description: "off" } })
    assert.deepStrictEqual([off.body.disabled.reason, off.body.description], ["asked", "off"])
    const before = world.to(HERE).length
    await world.change()
    await until(() => world.to(HERE).length > before)
    const on = await world.api("PATCH", path, { body: { enabled: true } })
    assert.isNull(on.body.disabled)
    const told = await world.change()
    await until(() => world.to("https://asleep.example/").length > 0)
    assert.include(world.to("https://asleep.example/")[0]?.body, told)
    const nothing = await world.api("PATCH", path, { body: {} })
    assert.strictEqual(nothing.status, 400)
    assert.strictEqual((await world.api("DELETE", path)).status, 200)
    for (const method of ["GET", "DELETE"])
      assert.strictEqual(
        (await world.api(method, path)).body.code,
        "WEBHOOK_SUBSCRIPTION_NOT_FOUND"
      )
  })

  it("a test is answered with what the receiver said", async () => {
    const { body } = await world.add({ url: SILENT, eventTypes: ["halt.raised"] })
    const refused = await world.api("POST", `/v1/webhooks/${body.subscription.id}/test`)
    assert.deepInclude(refused.body, { delivered: false, status: null })
    const [here] = (await world.api("GET", "/v1/webhooks")).body.subscriptions
    const taken = await world.api("POST", `/v1/webhooks/${here.id}/test`)
    assert.deepInclude(taken.body, { delivered: true, status: 204 })
    assert.strictEqual(world.sent.at(-1)?.headers["webhook-id"], taken.body.eventId)
  })

  it("a new secret signs beside the old one, or in its place", async () => {
    const url = "https://rotating.example/"
    const { body } = await world.add({ url, eventTypes: ["campaign.state.changed"] })
    const path = `/v1/webhooks/${body.subscription.id}/secret`
    const last = async () => {
      await world.api("POST", `/v1/webhooks/${body.subscription.id}/test`)
      return world.to(url).at(-1)
    }
    const accepts = (secret: string, message = world.to(url).at(-1)): boolean => {
      try {
        new Webhook(secret).verify(message?.body ?? "", { ...message?.headers })
        return true
      } catch {
        return false
      }
    }
    const second = (await world.api("POST", path, { body: {} })).body.secret
    await last()
    assert.deepStrictEqual(
      [body.secret, second].map((one) => accepts(one)),
      [true, true]
    )
    const third = await world.api("POST", path, { body: { retireAfterMs: 0 } })
    assert.strictEqual(third.headers.get("cache-control"), "no-store")
    await last()
    assert.deepStrictEqual(
      [body.secret, second, third.body.secret].map((one) => accepts(one)),
      [false, false, true]
    )
  })

  it("deliveries come page by page, each with its attempts, and are sent again", async () => {
    const url = "https://paged.example/"
    const { body } = await world.add({ url, eventTypes: ["campaign.state.changed"] })
    const { id } = body.subscription
    for (let n = 0; n < 3; n++) await world.change()
    await until(async () => {
      const { deliveries } = await world.deliveries(id, "?status=delivered")
      return deliveries.length === 3 && deliveries.every((one: Reply["body"]) => one.auditSequence)
    })
    const all = await world.deliveries(id)
    const paged: Array<unknown> = []
    for (let cursor = ""; ;) {
      const page = await world.deliveries(id, `?limit=1${cursor}`)
      paged.push(...page.deliveries)
      if (page.nextCursor === null) break
      assert.lengthOf(page.deliveries, 1)
      cursor = `&cursor=${page.nextCursor}`
    }
    assert.deepStrictEqual(paged, all.deliveries)
    const bad = await world.api("GET", `/v1/webhooks/${id}/deliveries?cursor=e30`)
    assert.deepStrictEqual([bad.status, bad.body.problems[0].key], [400, "query.cursor"])
    const [newest] = all.deliveries
    const one = await world.api("GET", `/v1/webhooks/deliveries/${newest.id}`)
    assert.deepStrictEqual(one.body.delivery, newest)
    assert.deepStrictEqual(
      one.body.attempts.map(({ number, status }: Reply["body"]) => [number, status]),
      [[1, 204]]
    )
    const again = await world.api("POST", `/v1/webhooks/deliveries/${newest.id}/redeliver`)
    assert.deepStrictEqual([again.status, again.body], [202, { redelivered: 1 }])
    await until(() => world.to(url).length === 4)
    assert.strictEqual(world.to(url).at(-1)?.headers["webhook-id"], newest.eventId)
    const dead = await world.api("POST", `/v1/webhooks/${id}/redeliver`)
    assert.deepStrictEqual([dead.status, dead.body], [202, { redelivered: 0 }])
  })

  it("what is still being tried is not sent twice", async () => {
    const { body } = await world.add({ url: SILENT, eventTypes: ["campaign.state.changed"] })
    await world.change()
    const { id } = body.subscription
    await until(async () => (await world.deliveries(id)).deliveries[0]?.attempts === 1)
    const [pending] = (await world.deliveries(id, "?status=pending")).deliveries
    const refused = await world.api("POST", `/v1/webhooks/deliveries/${pending.id}/redeliver`)
    assert.deepStrictEqual(
      [refused.status, refused.body.code],
      [409, "WEBHOOK_DELIVERY_NOT_REPEATABLE"]
    )
    assert.strictEqual((await world.api("DELETE", `/v1/webhooks/${id}`)).status, 200)
    const gone = await world.api("GET", `/v1/webhooks/deliveries/${pending.id}`)
    assert.strictEqual(gone.body.code, "WEBHOOK_DELIVERY_NOT_FOUND")
  })

  it("an address inside is refused, and the answer repeats nothing secret of it", async () => {
    for (const url of ["https://10.0.0.1/?key=hers", "http://here.example/?key=hers"]) {
      const refused = await world.add({ url })
      assert.deepStrictEqual([refused.status, refused.body.code], [422, "WEBHOOK_RECEIVER_REFUSED"])
      assert.notInclude(refused.text, "hers")
    }
    const [here] = (await world.api("GET", "/v1/webhooks")).body.subscriptions
    const moved = await world.api("PATCH", `/v1/webhooks/${here.id}`, {
      body: { url: "https://169.254.169.254/latest" }
    })
    assert.strictEqual(moved.status, 422)
    assert.strictEqual((await world.api("GET", `/v1/webhooks/${here.id}`)).body.url, HERE)
  })

  it("a key makes one subscription, and repeats its answer, secret and all", async () => {
    const body = { url: "https://once.example/" }
    const ask = (more: object = {}) =>
      world.add({ ...body, ...more }, { "idempotency-key": "subscribe-1" })
    const [first, second] = await Promise.all([ask(), ask()])
    const [made, other] = first.status === 201 ? [first, second] : [second, first]
    assert.include([201, 409], other.status)
    const again = await ask()
    assert.strictEqual(again.text, made.text)
    assert.strictEqual(again.headers.get("idempotency-replayed"), "true")
    assert.strictEqual((await ask({ description: "other" })).status, 422)
    const { subscriptions } = (await world.api("GET", "/v1/webhooks")).body
    assert.lengthOf(
      subscriptions.filter(({ url }: { url: string }) => url === body.url),
      1
    )
  })

  it("a subscription whose maker died before it could answer is found, with a secret that was never told", async () => {
    const body = { url: "https://orphan.example/" }
    const key = "subscribe-2"
    const asked = { method: "POST", path: "/v1/webhooks", body }
    const use = { caller: "local", key, fingerprint: fingerprintOf(asked) }
    const lost = await world.run(
      Effect.gen(function* () {
        const store = yield* Idempotency
        const claim = yield* store.claim(use)
        const id = "requestId" in claim ? claim.requestId : ""
        const { secret } = yield* Webhooks.use(({ add }) =>
          add({ draft: body, id, requestedBy: "tester" })
        )
        yield* store.abandon(use)
        yield* store.leave(use)
        return { id, secret: Redacted.value(secret) }
      })
    )
    const found = await world.add(body, { "idempotency-key": key })
    assert.deepStrictEqual([found.status, found.body.subscription.id], [201, lost.id])
    assert.notStrictEqual(found.body.secret, lost.secret)
    await world.api("POST", `/v1/webhooks/${lost.id}/test`)
    const [message] = world.to(body.url)
    new Webhook(found.body.secret).verify(message?.body ?? "", { ...message?.headers })
  })

  it("what is not there is told as such, whatever is asked of it", async () => {
    for (const [method, suffix, body] of [
      ["GET", ""],
      ["PATCH", "", { enabled: true }],
      ["DELETE", ""],
      ["POST", "/test"],
      ["POST", "/secret", {}],
      ["GET", "/deliveries"],
      ["POST", "/redeliver"]
    ] as const) {
      const call = body === undefined ? {} : { body }
      const reply = await world.api(method, `/v1/webhooks/${NOBODY}${suffix}`, call)
      assert.strictEqual(reply.body.code, "WEBHOOK_SUBSCRIPTION_NOT_FOUND", `${method} ${suffix}`)
    }
    for (const [method, suffix] of [
      ["GET", ""],
      ["POST", "/redeliver"]
    ] as const) {
      const reply = await world.api(method, `/v1/webhooks/deliveries/${NOBODY}${suffix}`)
      assert.strictEqual(reply.body.code, "WEBHOOK_DELIVERY_NOT_FOUND", `${method} ${suffix}`)
    }
  })
})

describe("an app without webhooks", () => {
  it("says that it has none", async () => {
    const { app, dispose } = createApp({ layer: memoryServices, ratePerMinute: null })
    const reply = await app.request("http://localhost/v1/webhooks")
    assert.deepStrictEqual(
      [reply.status, JSON.parse(await reply.text()).code],
      [404, "WEBHOOKS_NOT_CONFIGURED"]
    )
    await dispose()
  })
})
