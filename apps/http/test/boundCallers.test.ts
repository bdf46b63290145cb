import { afterAll, assert, beforeAll, describe, it } from "vitest"
import { allScopes } from "../src/index.ts"
import type { Reply } from "./support/checked.ts"
import { Divided, pause, PAUSE, withoutNames } from "./support/divided.ts"
import { AUDIENCE, Issuer } from "./support/issuer.ts"

const NOBODY = "11111111-1111-4111-8111-111111111111"
/** Ways in which a caller asks for one campaign below; each costs one read. */
const ASKS = 5
/** How a caller comes to be bound. */
const KEYS: ReadonlyArray<
  readonly [string, (here: Divided, issuer: Issuer) => string | Promise<string>]
> = [
  ["by a key", ({ bound }) => bound],
  [
    "by a claim",
    ({ home }, issuer) =>
      issuer.token({ scope: allScopes.join(" "), campaignctl_divisions: [home] })
  ]
]

describe("a caller bound to a division", () => {
  let issuer: Issuer
  let here: Divided
  let mine: string
  let theirs: string
  let theirSequence: number

  beforeAll(async () => {
    issuer = await Issuer.start()
    here = await Divided.make({
      CAMPAIGNCTL_OIDC_ISSUER: issuer.url,
      CAMPAIGNCTL_OIDC_AUDIENCE: AUDIENCE
    })
    mine = await here.campaign("Mine to see")
    theirs = await here.campaign("Zebra of the others", here.away)
    const made = await here.api("POST", `/v1/campaigns/${theirs}/transitions`, {
      body: { ...PAUSE, note: "zebra note" }
    })
    theirSequence = made.body.auditSequence
  })
  afterAll(async () => {
    await here[Symbol.asyncDispose]()
    await issuer[Symbol.asyncDispose]()
  })

  it.each(KEYS)("%s sees and touches no other campaign", async (_, keyOf) => {
    const key = await keyOf(here, issuer)
    const get = (path: string) => here.api("GET", path, { key })
    const post = (id: string, headers = {}) =>
      here.api("POST", `/v1/campaigns/${id}/transitions`, { key, headers, body: PAUSE })
    const seen: Array<Reply> = []
    await here.bench.simulator.control.clearLogs()
    const note = async (reply: Promise<Reply>): Promise<Reply> => {
      const it = await reply
      seen.push(it)
      return it
    }
    const listed = await note(get("/v1/campaigns?limit=100"))
    assert.include(listed.text, mine)
    for (const { division } of listed.body.campaigns) assert.strictEqual(division.id, here.home)
    assert.deepStrictEqual(
      (await note(get(`/v1/campaigns?division=${here.away}`))).body.campaigns,
      []
    )
    assert.deepStrictEqual((await note(get("/v1/campaigns?name=Zebra"))).body.campaigns, [])
    const own = await note(get(`/v1/campaigns?division=${here.home.toUpperCase()}&limit=100`))
    assert.deepStrictEqual(own.body.campaigns.length, listed.body.campaigns.length)
    const audit = await note(get("/v1/audit?limit=500"))
    for (const { divisionId } of audit.body.entries) assert.strictEqual(divisionId, here.home)
    assert.deepStrictEqual((await note(get(`/v1/audit?campaignId=${theirs}`))).body.entries, [])
    assert.strictEqual((await note(get(`/v1/audit/${theirSequence}`))).status, 404)
    for (const path of ["/v1/audit/verify", "/metrics", "/v1/cluster"]) {
      const { body, status } = await note(get(path))
      assert.deepStrictEqual([status, body.code], [403, "DIVISION_BOUND"], path)
    }
    for (const format of ["ndjson", "csv"]) await note(get(`/v1/audit/export?format=${format}`))
    // What belongs to others answers as what is not there, to the letter.
    for (const ask of [
      (id: string) => get(`/v1/campaigns/${id}`),
      (id: string) => get(`/v1/campaigns/${id}/decision?target=active`),
      (id: string) => post(id),
      (id: string) => post(id, { "if-match": '"1"' }),
      (id: string) => post(id, { "idempotency-key": crypto.randomUUID() })
    ]) {
      const [their, none] = [await note(ask(theirs)), await ask(NOBODY)]
      assert.strictEqual(their.status, 404)
      assert.strictEqual(withoutNames(their, theirs), withoutNames(none, NOBODY))
      assert.deepStrictEqual(
        [...their.headers.keys()].filter((name) => name !== "content-length"),
        [...none.headers.keys()].filter((name) => name !== "content-length")
      )
    }
    // What is the same work takes the same time. The log is written when the answer is out.
    const requestsOf = async (campaignId: string) =>
      (await here.bench.simulator.control.requests({ campaignId })).length
    while ((await requestsOf(NOBODY)) < ASKS) await pause(10)
    assert.strictEqual(await requestsOf(theirs), ASKS)
    assert.strictEqual(await requestsOf(NOBODY), ASKS)
    for (const { text } of seen) {
      assert.notInclude(text, "Zebra")
      assert.notInclude(text, "zebra note")
    }
    assert.strictEqual(await here.writes(theirs), 0)
  })

  it("follows no other campaign's events", async () => {
    const key = here.bound
    const stop = new AbortController()
    const reply = await fetch(`${here.service.url}/v1/events`, {
      headers: { authorization: `Bearer ${key}`, "last-event-id": "0" },
      signal: stop.signal
    })
    await here.api("POST", `/v1/campaigns/${theirs}/transitions`, {
      body: { ...PAUSE, note: "zebra again" }
    })
    await here.api("POST", `/v1/campaigns/${mine}/transitions`, {
      body: { ...PAUSE, note: "mine" },
      key
    })
    let text = ""
    for await (const chunk of reply.body ?? []) {
      text += new TextDecoder().decode(chunk)
      if (text.includes('"note":"mine"')) break
    }
    stop.abort()
    assert.notInclude(text, theirs)
    assert.notMatch(text, /zebra/i)
  })

  it("changes, sees and steers no operation or halt of others", async () => {
    const [mine, theirs] = [
      await here.campaign("Both mine"),
      await here.campaign("Both theirs", here.away)
    ]
    const everybodys = await here.fleet("Nobody is called so")
    const selector = { namePattern: "Both *" }
    const planned = await here.api("POST", "/v1/fleet", {
      key: here.bound,
      body: { selector, ...PAUSE, dryRun: true }
    })
    assert.deepStrictEqual(
      planned.body.items.map(({ campaignId }: { campaignId: string }) => campaignId),
      [mine]
    )
    const own = await here.api("POST", "/v1/fleet", {
      key: here.bound,
      body: { selector, ...PAUSE }
    })
    assert.strictEqual((await here.over(own.body.id)).counts.applied, 1)
    assert.deepStrictEqual([await here.writes(mine), await here.writes(theirs)], [1, 0])
    const { body } = await here.api("GET", "/v1/operations?limit=200", { key: here.bound })
    const seen = body.operations.map(({ id }: { id: string }) => id)
    assert.include(seen, own.body.id)
    assert.notInclude(seen, everybodys.body.id)
    // What belongs to others answers as what is not there, to the letter.
    for (const [method, path] of [
      ["GET", ""],
      ["GET", "/items"],
      ["GET", "/events"],
      ["POST", "/pause"],
      ["POST", "/resume"],
      ["POST", "/cancel"]
    ] as const) {
      const texts = await Promise.all(
        [everybodys.body.id, NOBODY].map(async (id: string) => {
          const reply = await here.api(method, `/v1/operations/${id}${path}`, { key: here.bound })
          assert.strictEqual(reply.status, 404)
          return withoutNames(reply, id)
        })
      )
      assert.strictEqual(texts[0], texts[1])
    }
    const raise = (key: string, name: string) =>
      here.api("POST", "/v1/halt", {
        key,
        body: { name, selector, reason: "OTHER", proofDeadlineMs: 1_000 }
      })
    const halts = [await raise(here.right, "for all"), await raise(here.bound, "for home")]
    for (const { body } of halts) await here.over(body.id)
    const names = async (key: string) =>
      (await here.api("GET", "/v1/halt", { key })).body.holds.map(
        ({ name }: { name: string }) => name
      )
    assert.deepStrictEqual(await names(here.bound), ["for home"])
    assert.sameMembers(await names(here.right), ["for all", "for home"])
    assert.strictEqual(
      (await here.api("DELETE", "/v1/halt/for%20all", { key: here.bound })).status,
      404
    )
    for (const name of ["for%20all", "for%20home"])
      assert.strictEqual((await here.api("DELETE", `/v1/halt/${name}`)).status, 200)
  })
})
