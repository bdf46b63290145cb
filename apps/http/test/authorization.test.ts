import { afterAll, assert, beforeAll, describe, it } from "vitest"
import { allScopes, type Route, routes, type Scope } from "../src/index.ts"
import { type Client, clientOf, type Reply } from "./support/checked.ts"
import { pause, PAUSE } from "./support/divided.ts"
import { AUDIENCE, Issuer } from "./support/issuer.ts"
import { Bench, type Service } from "./support/service.ts"

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
  },
  addWebhook: { url: "http://127.0.0.1:9/" },
  changeWebhook: { enabled: true },
  rotateWebhookSecret: { retireAfterMs: 0 }
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
  listFirings: [404],
  addWebhook: [201],
  // That of the others is kept.
  removeWebhook: [404],
  redeliverWebhook: [202],
  // It is still being tried.
  redeliverWebhookDelivery: [409]
}

describe("who may call what", () => {
  let bench: Bench
  let issuer: Issuer
  let service: Service
  let api: Client
  let mine: string
  let operation: string
  let webhook: string
  let delivery: string
  const keys = new Map<string, string>()

  const keyWith = async (scopes: ReadonlyArray<Scope>) =>
    (await bench.key({ name: "test", scopes })).text

  beforeAll(async () => {
    bench = await Bench.make()
    issuer = await Issuer.start()
    mine = (await bench.simulator.control.addCampaign({ name: "Mine to see", status: "on" })).id
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
      CAMPAIGNCTL_OIDC_AUDIENCE: AUDIENCE,
      CAMPAIGNCTL_WEBHOOK_ALLOW: "127.0.0.1"
    })
    api = await clientOf(service.url)
    const right = { key: keys.get("right key") ?? "" }
    const added = await api("POST", "/v1/webhooks", {
      ...right,
      body: { url: "http://127.0.0.1:9/" }
    })
    webhook = added.body.subscription.id
    // The ledger's first entry.
    await api("POST", `/v1/campaigns/${mine}/transitions`, { ...right, body: PAUSE })
    const submitted = await api("POST", "/v1/fleet", { ...right, body: { ...PAUSE, ...FIND } })
    operation = submitted.body.id
    const deliveries = async () =>
      (await api("GET", `/v1/webhooks/${webhook}/deliveries`, right)).body.deliveries
    while ((await deliveries()).length === 0) await pause(20)
    delivery = (await deliveries())[0].id
    while (!(await api("GET", `/v1/operations/${operation}`, right)).body.over) await pause(20)
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
      .replace("/deliveries/{id}", `/deliveries/${delivery}`)
      .replace(
        "/webhooks/{id}",
        `/webhooks/${route.operationId === "removeWebhook" ? mine : webhook}`
      )
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
      if (status === 401) await pause(200)
    }
    assert.strictEqual(status, 200)
    assert.strictEqual(
      (await api("GET", "/v1/campaigns", { key: keys.get("right JWT") ?? "" })).status,
      401
    )
  })

  it("nothing that the service printed holds a secret", async () => {
    for (const secret of [...keys].filter(([kind]) => /key|JWT/.test(kind)).map(([, text]) => text))
      assert.notInclude(service.said, secret)
    assert.notInclude(service.said, bench.simulator.clientSecret)
  })
})
