import { once } from "node:events"
import { connect } from "node:net"
import fc from "fast-check"
import { afterAll, assert, beforeAll, describe, it } from "vitest"
import { type HostileService, hostileService } from "./support/hostileService.ts"

/** Requests over real sockets. */
const SOCKET_REQUESTS = 2_000
/** Sockets at once. */
const SOCKETS = 50
/** Milliseconds after which an answer that has not come counts as a hang; the slowest limit of the server is 20 s. */
const HANG_MS = 30_000

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
    "GET /healthz HTTP/1.1\r\nHost: localhost\r\nExpect: a miracle\r\n\r\n",
    "CONNECT localhost:1 HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "TRACE /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "OPTIONS * HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "\u0016\u0003\u0001\u0002\u0000\u0001",
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

describe("requests that are none", () => {
  let service: HostileService

  beforeAll(async () => {
    service = await hostileService()
  })
  afterAll(() => service.close())

  /** Sends bytes as they are; all that comes back until the connection ends or an answer is whole. */
  const exchange = async (bytes: string | Uint8Array): Promise<string> => {
    const { hostname, port } = new URL(service.url)
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
        const problems = text.match(/^content-type: application\/problem\+json/gim)?.length ?? 0
        const refusals = text.match(/^HTTP\/1\.1 4/gm)?.length ?? 0
        assert.strictEqual(problems, refusals, `${JSON.stringify(String(sample))}: ${text}`)
        assert.notMatch(text, /root:/)
      }
    }
    await Promise.all(Array.from({ length: SOCKETS }, work))
    assert.isAbove(refused, SOCKET_REQUESTS / 10)
    await service.unharmed()
  })

  it.each([
    "Host: localhost",
    "Host: evil.example",
    "Authorization: Bearer a\r\nAuthorization: Bearer b",
    "Content-Type: application/json",
    "Content-Type: text/plain",
    "Content-Length: 3",
    "Content-Length: +36",
    "Transfer-Encoding: chunked",
    "Transfer-Encoding: identity",
    "Content-Encoding: gzip",
    'If-Match: "1"\r\nIf-Match: "2"',
    "Idempotency-Key: a\r\nIdempotency-Key: b",
    "Idempotency-Key: a\u0000b",
    "Idempotency-Key: a\u00ffb",
    "Idempotency-Key: a\r\n b",
    "X-Request-Id: a\rIdempotency-Key: b",
    "X-Request-Id: a\nIdempotency-Key: b",
    "X-Request-Id : a",
    "X Request: a",
    ": a",
    "Expect: a miracle"
  ])("a change that would be made is refused for its header %j, and not made", async (header) => {
    const body = '{"target":"paused","reason":"OTHER"}'
    const text = await exchange(
      Buffer.from(
        `POST /v1/campaigns/${service.campaign}/transitions HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n${header}\r\n\r\n${body}`,
        "latin1"
      )
    )
    assert.match(text, /^HTTP\/1\.1 4\d\d [^]*content-type: application\/problem\+json/i)
    await service.unharmed()
  })

  it("a body that never ends arriving is cut off with 408", async () => {
    const { hostname, port } = new URL(service.url)
    const socket = connect(Number(port), hostname)
    let text = ""
    socket.on("data", (chunk) => {
      text += chunk.toString()
    })
    socket.write(
      `POST /v1/campaigns/${service.campaign}/transitions HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 40\r\n\r\n{"target"`
    )
    const drip = setInterval(() => socket.write(" "), 1_000)
    socket.on("error", () => socket.destroy())
    await once(socket, "close")
    clearInterval(drip)
    assert.match(text, /^HTTP\/1\.1 408 /)
    assert.include(text, '"code":"REQUEST_TIMEOUT"')
    await service.unharmed()
  })
})
