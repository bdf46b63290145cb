import { afterAll, assert, beforeAll, describe, it } from "vitest"
import { allScopes, type Route, routes, type Scope } from "../src/index.ts"
import { type Client, clientOf, type Reply } from "./support/checked.ts"
import { AUDIENCE, Issuer } from "./support/issuer.ts"
import { Bench, type Service } from "./support/service.ts"

const PAUSE = { target: "paused", reason: "OTHER" }
/** Ways in which a caller asks for one campaign below; each costs one read. */
const ASKS = 5
const NOBODY = "11111111-1111-4111-8111-111111111111"

/** The caller kinds, and what each gets where a scope is asked for. */
const KINDS = [
  "none",
  "no key at all",
  "wrong key",
  "unknown key",
  "revoked key",
  "expired key",
  "expired JWT",
  "JWT with alg none",
  "JWT signed with the public key",
  "JWT for another audience",
  "JWT of another issuer",
  "JWT without the scope",
  "key without the scope",
  "right key",
  "right JWT"
] as const
type Kind = (typeof KINDS)[number]

const LET_IN: ReadonlySet<Kind> = new Set<Kind>(["right key", "right JWT"])
const LACKS_SCOPE: ReadonlySet<Kind> = new Set<Kind>([
  "key without the scope",
  "JWT without the scope"
])

const FIND = { selector: { namePattern: "No campaign is called so" } }
/** The bodies of the routes that do not take a dry run of a pause. None of them means a campaign. */
const BODIES: Readonly<Record<string, object>> = {
  changeFleet: { ...PAUSE, ...FIND, dryRun: true },
  planFile: { file: { version: 1, name: "none" } },
  applyFile: { file: { version: 1, name: "none" }, digest: "0".repeat(64) },
  halt: { name: "drill", reason: "OTHER", ...FIND, proofDeadlineMs: 1 },
  addSchedule: {
    name: "drill",
    ...FIND,
    change: { target: "completed" },
    when: { at: ["2100-01-01T00:00:00Z"] }
  }
}
/** What whoever is let in gets where it is not 200: an operation that is over is steered no more. */
const LET_IN_STATUSES: Readonly<Record<string, ReadonlyArray<number>>> = {
  pauseOperation: [409],
  resumeOperation: [409],
  cancelOperation: [409],
  halt: [202],
  // The first lifts it, the second finds nothing.
  liftHalt: [200, 404],
  // Its plan has another digest.
  applyFile: [409],
  // The first takes the name.
  addSchedule: [201, 400],
  getSchedule: [404],
  removeSchedule: [404],
  nextFirings: [404],
  listFirings: [404]
}

describe("who may call what", () => {
  let bench: Bench
  let issuer: Issuer
  let service: Service
  let api: Client
  let home: string
  let away: string
  let mine: string
  let theirs: string
  let theirSequence: number
  let operation: string
  const keys = new Map<string, string>()

  const keyWith = async (scopes: ReadonlyArray<Scope>, divisionIds?: ReadonlyArray<string>) =>
    (
      await bench.key({
        name: "test",
        scopes,
        ...(divisionIds === undefined ? {} : { divisionIds })
      })
    ).text

  beforeAll(async () => {
    bench = await Bench.make()
    issuer = await Issuer.start()
    const state = await bench.simulator.control.state()
    const divisions = state.divisions.map(({ id }) => id)
    ;[home = "", away = ""] = divisions
    assert.isAtLeast(divisions.length, 2)
    const add = async (divisionId: string, name: string) =>
      (await bench.simulator.control.addCampaign({ name, status: "on", divisionId })).id
    mine = await add(home, "Mine to see")
    theirs = await add(away, "Zebra of the others")
    const revoked = await bench.key({ name: "revoked", scopes: allScopes })
    await bench.revoke(revoked.id)
    keys.set("revoked key", revoked.text)
    const expired = await bench.key({
      name: "expired",
      scopes: allScopes,
      expiresAt: new Date(Date.now() - 1).toISOString()
    })
    keys.set("expired key", expired.text)
    keys.set("right key", await keyWith(allScopes))
    keys.set(
      "wrong key",
      (keys.get("right key") ?? "").replace(/.$/, (last) => (last === "A" ? "B" : "A"))
    )
    keys.set("unknown key", `cck_0123456789abcdef_${"A".repeat(43)}`)
    keys.set("no key at all", "let-me-in")
    keys.set(
      "expired JWT",
      await issuer.token({ scope: allScopes.join(" ") }, { expires: "2 minutes ago" })
    )
    keys.set("JWT with alg none", issuer.unsigned())
    keys.set("JWT signed with the public key", await issuer.confused())
    keys.set(
      "JWT for another audience",
      await issuer.token({ aud: "somebody-else", scope: allScopes.join(" ") })
    )
    keys.set(
      "JWT of another issuer",
      await issuer.token({ iss: "https://evil.example", scope: allScopes.join(" ") })
    )
    keys.set("right JWT", await issuer.token({ scope: allScopes.join(" ") }))
    service = await bench.start({
      CAMPAIGNCTL_OIDC_ISSUER: issuer.url,
      CAMPAIGNCTL_OIDC_AUDIENCE: AUDIENCE
    })
    api = await clientOf(service.url)
    const made = await api("POST", `/v1/campaigns/${theirs}/transitions`, {
      body: { ...PAUSE, note: "zebra note" },
      key: keys.get("right key") ?? ""
    })
    theirSequence = made.body.auditSequence
    const right = { key: keys.get("right key") ?? "" }
    const submitted = await api("POST", "/v1/fleet", { ...right, body: { ...PAUSE, ...FIND } })
    operation = submitted.body.id
    while (!(await api("GET", `/v1/operations/${operation}`, right)).body.over)
      await new Promise((resolve) => setTimeout(resolve, 20))
  })
  afterAll(async () => {
    await bench[Symbol.asyncDispose]()
    await issuer[Symbol.asyncDispose]()
  })

  const credential = async (kind: Kind, scope: Route["scope"]): Promise<string | undefined> => {
    const others = allScopes.filter((one) => one !== scope)
    if (kind === "key without the scope") return keyWith(others)
    if (kind === "JWT without the scope") return issuer.token({ scope: others.join(" ") })
    return keys.get(kind)
  }
  const call = (route: Route, key: string | undefined): Promise<Reply> => {
    const path = route.path
      .replace("/operations/{id}", `/operations/${operation}`)
      .replace("{id}", mine)
      .replace("{name}", "drill")
      .replace("{sequence}", "1")
      .replace("{code}", "UNEXPECTED")
    const query = route.operationId === "explainDecision" ? "?target=paused" : ""
    return api(route.method, `${path}${query}`, {
      ...(route.body === undefined
        ? {}
        : { body: BODIES[route.operationId] ?? { ...PAUSE, dryRun: true } }),
      ...(key === undefined ? {} : { key })
    })
  }

  // An event stream does not end by itself: its door is tried, not its content.
  const table = routes.filter(({ operationId }) => operationId !== "followEvents")
  const OK = [200]

  for (const route of table)
    it(`${route.method} ${route.path} (${route.scope})`, async () => {
      for (const kind of KINDS) {
        const { body, status } = await call(route, await credential(kind, route.scope))
        const expected =
          route.scope === "public" || LET_IN.has(kind)
            ? (LET_IN_STATUSES[route.operationId] ?? OK)
            : [LACKS_SCOPE.has(kind) ? 403 : 401]
        assert.include(expected, status, `${kind}: ${JSON.stringify(body)}`)
        if (status === 403)
          assert.deepStrictEqual([body.code, body.requiredScope], ["SCOPE_MISSING", route.scope])
        if (status === 401) assert.strictEqual(body.code, "UNAUTHENTICATED")
      }
    })

  it("the event stream has the same door", async () => {
    for (const kind of KINDS) {
      const key = await credential(kind, "audit:read")
      const stop = new AbortController()
      const reply = await fetch(`${service.url}/v1/events`, {
        headers: key === undefined ? {} : { authorization: `Bearer ${key}` },
        signal: stop.signal
      })
      assert.strictEqual(
        reply.status,
        LET_IN.has(kind) ? 200 : LACKS_SCOPE.has(kind) ? 403 : 401,
        kind
      )
      stop.abort()
    }
  })

  it("an override needs a scope of its own", async () => {
    const key = await keyWith(["campaigns:operate"])
    const body = {
      target: "active",
      override: [{ guard: "capacity", note: "drill" }],
      dryRun: true
    }
    const refused = await api("POST", `/v1/campaigns/${mine}/transitions`, { body, key })
    assert.deepStrictEqual(
      [refused.status, refused.body.requiredScope],
      [403, "campaigns:override"]
    )
  })

  it("a rotated key of the issuer is found; a token of the old one is not believed when it is gone", async () => {
    await issuer.rotate()
    const fresh = await issuer.token()
    // The keys are looked for again at most once in five seconds.
    let status = 401
    for (let tries = 0; status === 401 && tries < 60; tries++) {
      status = (await api("GET", "/v1/campaigns", { key: fresh })).status
      if (status === 401) await new Promise((resolve) => setTimeout(resolve, 200))
    }
    assert.strictEqual(status, 200)
    assert.strictEqual(
      (await api("GET", "/v1/campaigns", { key: keys.get("right JWT") ?? "" })).status,
      401
    )
  })

  describe("a caller bound to a division", () => {
    const bound: Array<readonly [string, () => Promise<string>]> = [
      ["by a key", () => keyWith(allScopes, [home])],
      [
        "by a claim",
        () => issuer.token({ scope: allScopes.join(" "), campaignctl_divisions: [home] })
      ]
    ]
    it.each(bound)("%s sees and touches no other campaign", async (_, make) => {
      const key = await make()
      const get = (path: string) => api("GET", path, { key })
      const post = (id: string, headers = {}) =>
        api("POST", `/v1/campaigns/${id}/transitions`, { key, headers, body: PAUSE })
      const seen: Array<Reply> = []
      await bench.simulator.control.clearLogs()
      const note = async (reply: Promise<Reply>): Promise<Reply> => {
        const it = await reply
        seen.push(it)
        return it
      }
      const listed = await note(get("/v1/campaigns?limit=100"))
      assert.include(listed.text, mine)
      for (const { division } of listed.body.campaigns) assert.strictEqual(division.id, home)
      assert.deepStrictEqual((await note(get(`/v1/campaigns?division=${away}`))).body.campaigns, [])
      assert.deepStrictEqual((await note(get("/v1/campaigns?name=Zebra"))).body.campaigns, [])
      const audit = await note(get("/v1/audit?limit=500"))
      for (const { divisionId } of audit.body.entries) assert.strictEqual(divisionId, home)
      assert.deepStrictEqual((await note(get(`/v1/audit?campaignId=${theirs}`))).body.entries, [])
      assert.strictEqual((await note(get(`/v1/audit/${theirSequence}`))).status, 404)
      assert.strictEqual((await note(get("/v1/audit/verify"))).status, 403)
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
        const without = ({ text }: Reply, id: string) =>
          text.replaceAll(id, "ID").replace(/"requestId":"[^"]*","traceId":"[^"]*"/, "")
        assert.strictEqual(without(their, theirs), without(none, NOBODY))
        assert.deepStrictEqual(
          [...their.headers.keys()].filter((name) => name !== "content-length"),
          [...none.headers.keys()].filter((name) => name !== "content-length")
        )
      }
      // What is the same work takes the same time. The log is written when the answer is out.
      const requestsOf = async (campaignId: string) =>
        (await bench.simulator.control.requests({ campaignId })).length
      while ((await requestsOf(NOBODY)) < ASKS)
        await new Promise((resolve) => setTimeout(resolve, 10))
      assert.strictEqual(await requestsOf(theirs), ASKS)
      assert.strictEqual(await requestsOf(NOBODY), ASKS)
      for (const { text } of seen) {
        assert.notInclude(text, "Zebra")
        assert.notInclude(text, "zebra note")
      }
      const written = await bench.simulator.control.writes({ campaignId: theirs, by: "api" })
      assert.strictEqual(written.length, 0)
    })

    it("follows no other campaign's events", async () => {
      const key = await keyWith(allScopes, [home])
      const stop = new AbortController()
      const reply = await fetch(`${service.url}/v1/events`, {
        headers: { authorization: `Bearer ${key}`, "last-event-id": "0" },
        signal: stop.signal
      })
      await api("POST", `/v1/campaigns/${theirs}/transitions`, {
        body: { ...PAUSE, note: "zebra again" },
        key: keys.get("right key") ?? ""
      })
      await api("POST", `/v1/campaigns/${mine}/transitions`, {
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
  })

  it("nothing that the service printed holds a secret", async () => {
    for (const secret of [...keys].filter(([kind]) => /key|JWT/.test(kind)).map(([, text]) => text))
      assert.notInclude(service.said, secret)
    assert.notInclude(service.said, bench.simulator.clientSecret)
  })
})

describe("without any credential configured", () => {
  it("refuses to listen elsewhere, and says why", async () => {
    await using bench = await Bench.make()
    let said = ""
    await bench.start({ CAMPAIGNCTL_HTTP_HOST: "0.0.0.0" }).catch((error: unknown) => {
      said = String(error)
    })
    assert.match(said, /ended with 2/)
    assert.match(said, /CAMPAIGNCTL_HTTP_HOST: expected a loopback address/)
  })

  it("listens elsewhere once there is a key, and a revoked one does not open the door", async () => {
    await using bench = await Bench.make()
    const { id } = await bench.key({ name: "only", scopes: ["campaigns:read"] })
    await bench.revoke(id)
    const service = await bench.start({ CAMPAIGNCTL_HTTP_HOST: "0.0.0.0" })
    const reply = await fetch(`${service.url.replace("0.0.0.0", "127.0.0.1")}/v1/campaigns`)
    assert.strictEqual(reply.status, 401)
  })

  it("answers no other name than its own, and no page of another site", async () => {
    await using bench = await Bench.make()
    const { url } = await bench.start()
    const api = await clientOf(url)
    const site = await api("GET", "/v1/campaigns", { headers: { "sec-fetch-site": "cross-site" } })
    assert.deepStrictEqual([site.status, site.body.code], [403, "HOST_NOT_ALLOWED"])
  })

  it("428: a deployment may want every change to be conditional", async () => {
    await using bench = await Bench.make()
    const { url } = await bench.start({ CAMPAIGNCTL_REQUIRE_IF_MATCH: "true" })
    const api = await clientOf(url)
    const [campaign] = (await api("GET", "/v1/campaigns?state=active")).body.campaigns
    const path = `/v1/campaigns/${campaign.id}/transitions`
    const bare = await api("POST", path, { body: PAUSE })
    assert.deepStrictEqual([bare.status, bare.body.code], [428, "PRECONDITION_REQUIRED"])
    const { headers } = await api("GET", `/v1/campaigns/${campaign.id}`)
    const conditional = { "if-match": headers.get("etag") ?? "" }
    assert.strictEqual((await api("POST", path, { body: PAUSE, headers: conditional })).status, 200)
  })

  it("429: more requests than one caller is granted", async () => {
    await using bench = await Bench.make()
    const { url } = await bench.start({ CAMPAIGNCTL_HTTP_RATE_PER_MINUTE: "3" })
    const api = await clientOf(url)
    const statuses: Array<number> = []
    for (let n = 0; n < 3; n++) statuses.push((await api("GET", "/v1/audit")).status)
    assert.deepStrictEqual(statuses, [200, 200, 200])
    const { body, headers, status } = await api("GET", "/v1/audit")
    assert.deepStrictEqual([status, body.code], [429, "TOO_MANY_REQUESTS"])
    const seconds = Number(headers.get("retry-after"))
    // Rounded up: whoever waits as long is let in.
    assert.strictEqual(seconds, Math.ceil(body.retryAfterMs / 1_000))
    assert.isAbove(seconds, 1)
    assert.strictEqual((await api("GET", "/healthz")).status, 200)
  })

  it("429: more requests without a credential than one address is granted, which locks nobody out", async () => {
    await using bench = await Bench.make()
    const { text: key } = await bench.key({ name: "right", scopes: ["audit:read"] })
    const { url } = await bench.start({ CAMPAIGNCTL_HTTP_RATE_PER_MINUTE: "40" })
    const api = await clientOf(url)
    assert.strictEqual((await api("GET", "/v1/audit", { key })).status, 200)
    const statuses = new Set<number>()
    for (let n = 0; n < 60; n++) {
      const { body, headers, status } = await api("GET", "/v1/audit", { key: `guess-${n}` })
      statuses.add(status)
      if (status === 401) assert.match(headers.get("www-authenticate") ?? "", /^Bearer /)
      if (status !== 429) continue
      assert.strictEqual(body.code, "TOO_MANY_REQUESTS")
      assert.match(headers.get("retry-after") ?? "", /^[1-9]\d*$/)
    }
    assert.deepStrictEqual([...statuses], [401, 429])
    assert.strictEqual((await api("GET", "/v1/audit")).status, 429)
    assert.strictEqual((await api("GET", "/v1/audit", { key })).status, 200)
    // A page that everybody may see makes no credential a right one.
    assert.strictEqual((await api("GET", "/healthz", { key: "guess-0" })).status, 200)
    assert.strictEqual((await api("GET", "/v1/audit", { key: "guess-0" })).status, 429)
    assert.strictEqual((await api("GET", "/docs")).status, 200)
  })
})
