import { createHash } from "node:crypto"
import { once } from "node:events"
import { connect } from "node:net"
import { afterAll, assert, beforeAll, describe, it } from "vitest"
import { serve, type Served } from "../src/index.ts"
import { memoryApp } from "./support/memoryApp.ts"

describe("what a client may send, and what it gets with every answer", () => {
  let memory: Awaited<ReturnType<typeof memoryApp>>
  let served: Served

  beforeAll(async () => {
    memory = await memoryApp()
    served = await serve(memory, { host: "127.0.0.1", port: 0 })
  })
  afterAll(async () => {
    await served.close(0)
    await memory.close()
  })

  /** Sends the text, and then a blank every second as long as it is wanted; all that comes back. */
  const exchange = async (text: string, dripping = false): Promise<string> => {
    const { hostname, port } = new URL(served.url)
    const socket = connect(Number(port), hostname)
    let answer = ""
    socket.on("data", (chunk) => {
      answer += chunk.toString()
    })
    socket.on("error", () => socket.destroy())
    socket.write(text)
    const drip = dripping ? setInterval(() => socket.write("x"), 1_000) : undefined
    await once(socket, "close")
    clearInterval(drip)
    return answer
  }
  const request = (headers: ReadonlyArray<string>): string =>
    ["GET /healthz HTTP/1.1", "Host: localhost", "Connection: close", ...headers, "", ""].join(
      "\r\n"
    )
  const some = (count: number): ReadonlyArray<string> =>
    Array.from({ length: count }, (_, n) => `X-${n}: y`)

  it("takes a hundred headers, and leaves none out unsaid", async () => {
    assert.match(await exchange(request(some(98))), /^HTTP\/1\.1 200 /)
    const many = await exchange(request(some(99)))
    assert.match(many, /^HTTP\/1\.1 431 /)
    assert.include(many, '"code":"HEADERS_TOO_LARGE"')
    assert.match(many, /^content-type: application\/problem\+json/im)
  })

  it("takes sixteen kilobytes of headers", async () => {
    assert.match(await exchange(request([`X: ${"y".repeat(15_000)}`])), /^HTTP\/1\.1 200 /)
    const large = await exchange(request([`X: ${"y".repeat(17_000)}`]))
    assert.match(large, /^HTTP\/1\.1 431 /)
    assert.include(large, '"code":"HEADERS_TOO_LARGE"')
  })

  it("does not wait for headers that never end arriving", async () => {
    const text = await exchange("GET /healthz HTTP/1.1\r\nHost: localhost\r\nX: ", true)
    assert.match(text, /^HTTP\/1\.1 408 /)
    assert.include(text, '"code":"REQUEST_TIMEOUT"')
  })

  it("lets no other site read anything", async () => {
    for (const method of ["GET", "OPTIONS", "POST"])
      for (const path of ["/healthz", "/v1/campaigns", "/openapi.json", "/nowhere"]) {
        const { headers } = await fetch(`${served.url}${path}`, {
          method,
          headers: { origin: "https://evil.example", "access-control-request-method": "POST" }
        })
        for (const name of headers.keys()) assert.notMatch(name, /^access-control-/)
        assert.strictEqual(headers.get("cross-origin-resource-policy"), "same-origin")
      }
  })

  it("says with every answer what a browser must not do with it", async () => {
    for (const path of ["/healthz", "/docs", "/docs/problems", "/nowhere"]) {
      const { headers } = await fetch(`${served.url}${path}`)
      assert.strictEqual(headers.get("x-content-type-options"), "nosniff")
      assert.strictEqual(headers.get("x-frame-options"), "DENY")
      assert.strictEqual(headers.get("referrer-policy"), "no-referrer")
      assert.strictEqual(headers.get("cache-control"), "no-store")
      const policy = headers.get("content-security-policy") ?? ""
      assert.match(policy, /default-src 'none'/)
      assert.notInclude(policy, "unsafe")
      assert.strictEqual(policy.includes("script-src"), path === "/docs")
    }
    // So too where there was no request that could be read.
    for (const text of [
      "GET / HTTP/9.9\r\n\r\n",
      request(some(99)),
      request(["X: " + "y".repeat(17_000)])
    ]) {
      const answer = await exchange(text)
      assert.match(answer, /^HTTP\/1\.1 4\d\d /)
      for (const line of [
        "x-content-type-options: nosniff",
        "cache-control: no-store",
        "x-request-id: "
      ])
        assert.include(answer.toLowerCase(), line)
    }
  })

  it("allows its pages the script and the style that they have, and no other", async () => {
    for (const path of ["/docs", "/docs/problems", "/docs/problems/UNEXPECTED"]) {
      const reply = await fetch(`${served.url}${path}`)
      const policy = reply.headers.get("content-security-policy") ?? ""
      const texts = [...(await reply.text()).matchAll(/<(?:script|style)[^>]*>([^]*?)<\//g)]
      assert.lengthOf(texts, path === "/docs" ? 2 : 1)
      const hashes = texts.map(([, text = ""]) =>
        createHash("sha256").update(text).digest("base64")
      )
      const allowed = [...policy.matchAll(/'sha256-([^']+)'/g)].map(([, hash]) => hash)
      assert.sameMembers(allowed, hashes)
    }
  })

  it("answers no other host's name where everybody may call", async () => {
    const ask = (host: string) =>
      exchange(`GET /v1/campaigns HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`)
    for (const host of ["localhost", "127.0.0.1:4020", "[::1]:80"])
      assert.match(await ask(host), /^HTTP\/1\.1 200 /)
    for (const host of ["evil.example", "localhost.evil.example", "127.0.0.1.evil.example"])
      assert.match(await ask(host), /^HTTP\/1\.1 403 [^]*"code":"HOST_NOT_ALLOWED"/)
  })
})
