import { once } from "node:events"
import { connect, type Socket } from "node:net"
import { afterEach, assert, beforeEach, describe, it } from "vitest"
import { serve, type Served } from "../src/index.ts"
import { memoryApp } from "./support/memoryApp.ts"

const DRY_RUN = JSON.stringify({ target: "paused", reason: "OTHER", dryRun: true })

describe("a body, as it arrives", () => {
  let memory: Awaited<ReturnType<typeof memoryApp>>
  let served: Served
  let socket: Socket

  beforeEach(async () => {
    memory = await memoryApp()
    served = await serve(memory, { host: "127.0.0.1", port: 0 })
    // Whether spans are collected is known from the first request on.
    await fetch(`${served.url}/healthz`)
    const { hostname, port } = new URL(served.url)
    socket = connect({ port: Number(port), host: hostname, noDelay: true })
    await once(socket, "connect")
  })
  afterEach(async () => {
    socket.destroy()
    await served.close(0)
    await memory.close()
  })

  const head = (length: number, path = `/v1/campaigns/${memory.campaign}/transitions`): string =>
    [
      `POST ${path} HTTP/1.1`,
      "Host: localhost",
      "Content-Type: application/json",
      `Content-Length: ${length}`,
      "",
      ""
    ].join("\r\n")

  /** What comes back next. */
  const answer = async (): Promise<string> => {
    const [chunk] = await once(socket, "data")
    return String(chunk)
  }
  /** Until so many requests are being answered. */
  const untilRunning = async (count: number): Promise<void> => {
    while (memory.running() !== count)
      await new Promise<void>((resolve) => {
        setImmediate(resolve)
      })
  }
  const sent = async (body: Buffer): Promise<string> => {
    const reply = answer()
    socket.write(Buffer.concat([Buffer.from(head(body.length)), body]))
    return reply
  }

  it("is put together from its pieces, and the connection goes on", async () => {
    for (let round = 0; round < 3; round++) {
      const reply = answer()
      socket.write(head(DRY_RUN.length))
      await untilRunning(1)
      for (const sign of DRY_RUN) socket.write(sign)
      assert.match(await reply, /^HTTP\/1\.1 200 [^]*"outcome":"would-apply"/)
      assert.strictEqual(memory.running(), 0)
    }
  })

  it("is UTF-8, with a mark of it or without", async () => {
    const note = (bytes: Buffer): Buffer =>
      Buffer.concat([Buffer.from(`${DRY_RUN.slice(0, -1)},"note":"`), bytes, Buffer.from(`"}`)])
    assert.match(await sent(note(Buffer.from("\u00fcber \ufffd"))), /^HTTP\/1\.1 200 /)
    assert.match(await sent(Buffer.from(`\ufeff${DRY_RUN}`)), /^HTTP\/1\.1 200 /)
    for (const broken of [[0xff], [0xc3], [0xed, 0xa0, 0x80], [0xf0, 0x9f, 0x98]])
      assert.match(await sent(note(Buffer.from(broken))), /^HTTP\/1\.1 400 [^]*JSON in UTF-8/)
  })

  it("may be empty, or deep, and is then no JSON that is taken", async () => {
    assert.match(await sent(Buffer.alloc(0)), /^HTTP\/1\.1 400 [^]*JSON in UTF-8/)
    const deep = `${"[".repeat(17)}${"]".repeat(17)}`
    assert.match(await sent(Buffer.from(deep)), /^HTTP\/1\.1 400 [^]*JSON in UTF-8/)
  })

  it("is not waited for where its length or its path is refused", async () => {
    const reply = answer()
    socket.write(head(65_537))
    assert.match(await reply, /^HTTP\/1\.1 413 /)
    assert.strictEqual(memory.running(), 0)
  })

  it("that does not say how long it is is read no further than a body may be", async () => {
    const chunked = [
      `POST /v1/campaigns/${memory.campaign}/transitions HTTP/1.1`,
      "Host: localhost",
      "Content-Type: application/json",
      "Transfer-Encoding: chunked",
      "",
      ""
    ].join("\r\n")
    const chunk = (text: string): string => `${text.length.toString(16)}\r\n${text}\r\n`
    // No end of it is ever sent.
    const refused = answer()
    socket.write(chunked + chunk(`{"note":"${"x".repeat(65_536)}`))
    assert.match(await refused, /^HTTP\/1\.1 413 [^]*"code":"BODY_TOO_LARGE"/)
    assert.deepStrictEqual(await memory.writes(), [])
  })

  it("in pieces of no announced length is taken where it is whole", async () => {
    const reply = answer()
    socket.write(
      [
        `POST /v1/campaigns/${memory.campaign}/transitions HTTP/1.1`,
        "Host: localhost",
        "Content-Type: application/json",
        "Transfer-Encoding: chunked",
        "",
        `a\r\n${DRY_RUN.slice(0, 10)}`,
        `${(DRY_RUN.length - 10).toString(16)}\r\n${DRY_RUN.slice(10)}`,
        "0",
        "",
        ""
      ].join("\r\n")
    )
    assert.match(await reply, /^HTTP\/1\.1 200 [^]*"outcome":"would-apply"/)
  })

  it("that breaks off holds nothing up, and changes nothing", async () => {
    socket.write(head(DRY_RUN.length) + DRY_RUN.slice(0, 10))
    await untilRunning(1)
    socket.destroy()
    await untilRunning(0)
    assert.deepStrictEqual(await memory.writes(), [])
  })

  it("makes its change though its sender has gone", async () => {
    const body = JSON.stringify({ target: "paused", reason: "OTHER" })
    socket.write(head(body.length))
    await untilRunning(1)
    socket.end(body)
    await untilRunning(0)
    assert.strictEqual((await memory.writes()).length, 1)
  })

  it("is not waited for when the service ends", async () => {
    const reply = answer()
    socket.write(head(DRY_RUN.length))
    await untilRunning(1)
    await served.close(0)
    assert.match(await reply, /^HTTP\/1\.1 503 [^]*The service is shutting down/)
  })
})
