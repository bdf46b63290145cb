import { once } from "node:events"
import { connect } from "node:net"
import fc from "fast-check"
import { afterAll, assert, beforeAll, describe, it } from "vitest"
import { openApiOf, routes, serve, type Served } from "../src/index.ts"
import { type Client, client, Description } from "./support/checked.ts"
import { engineServices } from "./support/engineServices.ts"
import { memoryApp } from "./support/memoryApp.ts"
import { takenBodies } from "./support/wrongBodies.ts"

/** Requests in this process, and over real sockets. */
const REQUESTS = 20_000
const SOCKET_REQUESTS = 2_000
/** Sockets at once. */
const SOCKETS = 50
/** Milliseconds after which an answer that has not come counts as a hang; the slowest limit of the server is 20 s. */
const HANG_MS = 30_000

const document = JSON.parse(JSON.stringify(openApiOf(routes, "")))

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
const wrongBody = (id: string): fc.Arbitrary<{ readonly path: string; readonly raw: string }> =>
  fc.constantFrom(...takenBodies(nasty)).chain(({ body, path, wrong }) =>
    fc.constantFrom(...Object.entries(wrong)).chain(([member, values]) =>
      values.map((value) => ({
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
  const templates: ReadonlyArray<string> = Object.keys(document.paths)
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
      .map(([asked, some]) => ({ method: "POST", ...asked, headers: { ...some, ...json } })),
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
  let memory: Awaited<ReturnType<typeof memoryApp>>
  let served: Served
  let api: Client

  beforeAll(async () => {
    memory = await memoryApp("", engineServices)
    served = await serve(memory, { host: "127.0.0.1", port: 0 })
    api = client((path, init) => memory.app.request(path, init), new Description(document))
  })
  afterAll(async () => {
    await served.close(0)
    await memory.close()
  })

  const unharmed = async (): Promise<void> => {
    assert.deepStrictEqual(await memory.writes(), [])
    assert.deepStrictEqual(
      (await memory.entries()).filter(({ kind }) => kind === "intent"),
      []
    )
    for (const [path, member] of [
      ["/v1/operations", "operations"],
      ["/v1/halt", "holds"],
      ["/v1/halt?lifted=true", "holds"],
      ["/v1/schedules", "schedules"]
    ] as const)
      assert.deepStrictEqual((await api("GET", path)).body[member], [], path)
    assert.strictEqual((await memory.app.request("/healthz")).status, 200)
  }

  it(`${REQUESTS} requests get an answer that is described, never a 5xx, and write nothing`, async () => {
    const statuses = new Map<number, number>()
    await fc.assert(
      fc.asyncProperty(hostile(memory.campaign), async ({ headers, method, path, raw }) => {
        const url = URL.parse(path, "http://localhost")
        fc.pre(url !== null)
        if (method === "HEAD" || method === "OPTIONS") {
          const { status } = await memory.app.request(path, { method, headers })
          assert.isBelow(status, 500)
          return
        }
        const reply = await api(method, `${url.pathname}${url.search}`, {
          headers,
          ...(raw === undefined ? {} : { raw })
        })
        statuses.set(reply.status, (statuses.get(reply.status) ?? 0) + 1)
        assert.isBelow(reply.status, 500, reply.text)
        if (method !== "GET") assert.isAtLeast(reply.status, 400, reply.text)
      }),
      { numRuns: REQUESTS }
    )
    await unharmed()
    for (const status of [200, 400, 404, 405, 413, 415])
      assert.isAbove(
        statuses.get(status) ?? 0,
        0,
        `${status} never came: ${JSON.stringify([...statuses])}`
      )
  })

  /** Sends bytes as they are; all that comes back until the connection ends or an answer is whole. */
  const exchange = async (bytes: string | Uint8Array): Promise<string> => {
    const { hostname, port } = new URL(served.url)
    const socket = connect(Number(port), hostname)
    const chunks: Array<Buffer> = []
    socket.on("data", (chunk) => chunks.push(chunk))
    socket.on("error", () => socket.destroy())
    const timer = setTimeout(() => socket.destroy(new Error("hang")), HANG_MS)
    socket.write(bytes)
    // Nothing more will come from us; the server answers what it has, and closes.
    socket.end()
    await once(socket, "close").catch(() => undefined)
    clearTimeout(timer)
    return Buffer.concat(chunks).toString("latin1")
  }

  const line = fc.string({
    unit: fc.constantFrom(...'GET POST/v1campigns?%HTP.:\u0000\t\u00ff{}[]\\^<>|"#'.split("")),
    maxLength: 80
  })
  const broken = fc.oneof(
    fc.uint8Array({ minLength: 1, maxLength: 300 }),
    line.map((text) => `${text}\r\n\r\n`),
    fc
      .tuple(line, line)
      .map(
        ([path, text]) =>
          `GET /${path.replaceAll(/\s/g, "")} HTTP/1.1\r\nHost: localhost\r\n${text}\r\n\r\n`
      ),
    fc.constantFrom(
      "GET / HTTP/1.1\r\n\r\n",
      "GET / HTTP/9.9\r\nHost: localhost\r\n\r\n",
      "GET /v1/campaigns HTTP/1.1\r\nHost: a b\r\n\r\n",
      "GET /v1/campaigns HTTP/1.1\r\nHost: evil.example\r\n\r\n",
      "GET http://evil.example/v1/campaigns HTTP/1.1\r\nHost: localhost\r\n\r\n",
      "GET /../../etc/passwd HTTP/1.1\r\nHost: localhost\r\n\r\n",
      "GET \\..\\ HTTP/1.1\r\nHost: localhost\r\n\r\n",
      "GET /healthz HTTP/1.1\r\nHost: localhost\r\nX-Request-Id: a\r\nX-Request-Id: b\r\n\r\n",
      `GET /healthz HTTP/1.1\r\nHost: localhost\r\nX: ${"x".repeat(20_000)}\r\n\r\n`,
      `GET /healthz HTTP/1.1\r\nHost: localhost\r\n${Array.from({ length: 200 }, (_, n) => `X-${n}: y`).join("\r\n")}\r\n\r\n`,
      "POST /v1/campaigns/x/transitions HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
      "POST /v1/campaigns/x/transitions HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello",
      "POST /v1/campaigns/x/transitions HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
      "POST /v1/campaigns/x/transitions HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 99\r\n\r\n{"
    )
  )

  it(`${SOCKET_REQUESTS} broken requests over real sockets get a 4xx or a closed connection`, async () => {
    const samples = fc.sample(broken, SOCKET_REQUESTS)
    let refused = 0
    const work = async (): Promise<void> => {
      for (let sample = samples.pop(); sample !== undefined; sample = samples.pop()) {
        const text = await exchange(sample)
        for (const [, status] of text.matchAll(/^HTTP\/1\.1 (\d{3})/gm)) {
          assert.isBelow(Number(status), 500, `${JSON.stringify(String(sample))}: ${text}`)
          if (Number(status) >= 400) refused += 1
        }
        assert.notMatch(text, /root:/)
      }
    }
    await Promise.all(Array.from({ length: SOCKETS }, work))
    assert.isAbove(refused, SOCKET_REQUESTS / 10)
    await unharmed()
  })

  it("a body that never ends arriving is cut off with 408", async () => {
    const { hostname, port } = new URL(served.url)
    const socket = connect(Number(port), hostname)
    let text = ""
    socket.on("data", (chunk) => {
      text += chunk.toString()
    })
    socket.write(
      `POST /v1/campaigns/${memory.campaign}/transitions HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 40\r\n\r\n{"target"`
    )
    const drip = setInterval(() => socket.write(" "), 1_000)
    socket.on("error", () => socket.destroy())
    await once(socket, "close")
    clearInterval(drip)
    assert.match(text, /^HTTP\/1\.1 408 /)
    assert.include(text, '"code":"REQUEST_TIMEOUT"')
    await unharmed()
  })
})
