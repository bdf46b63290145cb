import fc from "fast-check"
import { afterAll, assert, beforeAll, describe, it } from "vitest"
import { routes } from "../src/index.ts"
import { type HostileService, hostileService } from "./support/hostileService.ts"
import { takenBodies } from "./support/wrongBodies.ts"

/** Requests in all, most of them without a socket between. */
const REQUESTS = 20_000
/** Of so many requests one goes over a socket, which takes ten times as long. */
const PER_SOCKET = 4

/** Text that has hurt others. */
const nasty = fc.oneof(
  fc.string({ unit: "binary", maxLength: 60 }),
  fc.constantFrom(
    "../../etc/passwd",
    "..%2f..%2fetc%2fpasswd",
    "%00",
    "%zz",
    "%c0%ae%c0%ae/",
    "\u0000",
    "\ud800",
    "__proto__",
    "constructor",
    "' OR 1=1 --",
    "<script>alert(1)</script>",
    "${7*7}",
    "\r\nset-cookie: a=b",
    "-1",
    "1e309",
    "9".repeat(400),
    "x".repeat(5_000),
    "null",
    "[]",
    "{}"
  )
)
const segment = nasty.map((text) => encodeURIComponent(text.toWellFormed()).replaceAll("%25", "%"))

const deep = fc
  .integer({ min: 17, max: 20_000 })
  .map((depth) => "[".repeat(depth) + "]".repeat(depth))

/** Any JSON at all, and what only looks like it. */
const jsonText = fc.oneof(
  fc.json({ maxDepth: 5 }),
  deep,
  fc.constantFrom(
    "",
    "nul",
    "{",
    '{"target":}',
    "\ufeff{}",
    "NaN",
    "{'target':'paused'}",
    '"\\ud800"'
  )
)

/** Changes of every kind, with one member that is not what it should be. `id` is a campaign that is there. */
const wrongBody = (
  id: string
): fc.Arbitrary<{ readonly method: string; readonly path: string; readonly raw: string }> =>
  fc.constantFrom(...takenBodies(nasty)).chain(({ body, method = "POST", path, wrong }) =>
    fc.constantFrom(...Object.entries(wrong)).chain(([member, values]) =>
      values.map((value) => ({
        method,
        path: path.replace("{id}", id),
        raw: JSON.stringify({ ...body, [member]: value })
      }))
    )
  )

const bytes = fc
  .uint8Array({ minLength: 1, maxLength: 200 })
  .map((raw) => Uint8Array.from([0x22, 0xff, ...raw, 0x22]))
const huge = fc
  .integer({ min: 65_600, max: 200_000 })
  .map((size) => `{"note":"${"x".repeat(size)}"}`)

const headerText = fc.string({
  unit: fc.constantFrom(...`abc019 "',;:=*/-_~^|`.split("")),
  maxLength: 300
})
const headers = fc.dictionary(
  fc.constantFrom(
    "if-match",
    "idempotency-key",
    "last-event-id",
    "x-request-id",
    "traceparent",
    "accept",
    "origin",
    "authorization",
    "x-forwarded-for",
    "content-encoding",
    "prefer"
  ),
  fc.oneof(headerText, fc.constant("respond-async")),
  { maxKeys: 4 }
)

interface Hostile {
  readonly method: string
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly raw?: string | Uint8Array<ArrayBuffer>
}

/** Requests of which each is wrong in at least one way. `id` is a campaign that is there. */
const hostile = (id: string): fc.Arbitrary<Hostile> => {
  const templates: ReadonlyArray<string> = routes.map((route) => route.path)
  const taken = fc.constantFrom(...takenBodies(nasty).map((one) => one.path.replace("{id}", id)))
  const json = { "content-type": "application/json" }
  const path = fc
    .tuple(fc.constantFrom(...templates), segment)
    .map(([template, text]) => template.replaceAll(/\{\w+\}/g, text.replaceAll("$", "")))
  const query = fc
    .array(
      fc.tuple(
        fc.oneof(fc.constantFrom("limit", "cursor", "state", "since", "format", "target"), segment),
        segment
      ),
      {
        minLength: 1,
        maxLength: 4
      }
    )
    .map((pairs) => `?${pairs.map(([name, value]) => `${name}=${value}`).join("&")}`)
  return fc.oneof(
    fc.record({
      method: fc.constantFrom("GET", "HEAD"),
      path: fc.tuple(path, query).map((parts) => parts.join("")),
      headers
    }),
    fc.record({
      method: fc.constantFrom("PUT", "DELETE", "PATCH", "OPTIONS", "PROPFIND"),
      path,
      headers
    }),
    fc.record({
      method: fc.constant("POST"),
      path,
      headers: headers.map((some) => ({ ...some, ...json })),
      raw: jsonText
    }),
    fc
      .tuple(wrongBody(id), headers)
      .map(([asked, some]) => ({ ...asked, headers: { ...some, ...json } })),
    fc.record({
      method: fc.constant("POST"),
      path: taken,
      headers: headers.map((some) => ({ ...some, ...json })),
      raw: fc.oneof(jsonText, bytes, huge)
    }),
    fc.record({
      method: fc.constant("POST"),
      path: taken,
      headers: fc.record({
        "content-type": fc.constantFrom(
          "text/plain",
          "application/xml",
          "application/json; charset=utf-16",
          "multipart/form-data"
        )
      }),
      raw: fc.constant('{"target":"paused","reason":"OTHER"}')
    })
  )
}

describe("hostile input", () => {
  let service: HostileService

  beforeAll(async () => {
    service = await hostileService()
  })
  afterAll(() => service.close())

  it(`${REQUESTS} requests get an answer that is described, never a 5xx, and write nothing`, async () => {
    const statuses = new Map<number, number>()
    await fc.assert(
      fc.asyncProperty(hostile(service.campaign), fc.nat(PER_SOCKET - 1), async (asked, way) => {
        const { headers, method, path, raw } = asked
        const url = URL.parse(path, "http://localhost")
        fc.pre(url !== null)
        if (method === "HEAD" || method === "OPTIONS") {
          const { status } = await service.app.request(path, { method, headers })
          assert.isBelow(status, 500)
          return
        }
        const ask = way === 0 ? service.overSocket : service.api
        const reply = await ask(method, `${url.pathname}${url.search}`, {
          headers,
          ...(raw === undefined ? {} : { raw })
        })
        statuses.set(reply.status, (statuses.get(reply.status) ?? 0) + 1)
        assert.isBelow(reply.status, 500, reply.text)
        if (method !== "GET") assert.isAtLeast(reply.status, 400, reply.text)
      }),
      { numRuns: REQUESTS }
    )
    await service.unharmed()
    for (const status of [200, 400, 404, 405, 413, 415])
      assert.isAbove(
        statuses.get(status) ?? 0,
        0,
        `${status} never came: ${JSON.stringify([...statuses])}`
      )
  })
})
