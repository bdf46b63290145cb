import { assert, describe, it } from "@effect/vitest"
import { createServer, type RequestListener } from "node:http"
import type { AddressInfo } from "node:net"
import { gzipSync } from "node:zlib"
import { makeAxiosTransport } from "../../src/wire/axiosTransport.ts"
import { MAX_REPLY_BYTES } from "../../src/wire/nodeAdapter.ts"
import { TransportFailure, type WireRequest } from "../../src/wire/Transport.ts"

const NEVER = new AbortController().signal
const SECRET = "canary-in-a-header"

/** Runs with a server that answers so; its address is without a slash at the end. */
const withServer = async <A>(
  answer: RequestListener,
  use: (url: string) => Promise<A>
): Promise<A> => {
  const server = createServer(answer)
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  // A server that listens on a port has an address of this form.
  const { port } = server.address() as AddressInfo
  try {
    return await use(`http://127.0.0.1:${port}`)
  } finally {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
}

const get = (url: string): WireRequest => ({
  method: "GET",
  url,
  headers: { Authorization: SECRET }
})

const send = async (request: WireRequest, signal = NEVER, environment = {}) =>
  (await makeAxiosTransport(environment))(request, signal)

/** How a request failed; anything but a TransportFailure, or one that tells a secret, is an error of the test. */
const failure = async (request: Promise<unknown>): Promise<TransportFailure> => {
  const error: unknown = await request.then(
    () => undefined,
    (error: unknown) => error
  )
  if (!(error instanceof TransportFailure)) throw new Error("it did not fail as it should")
  assert.notInclude(`${error.message} ${error.stack} ${JSON.stringify(error)}`, SECRET)
  return error
}

describe("the transport", () => {
  it("sends method, query, headers and body as they are, and gives status, headers and text", () =>
    withServer(
      (request, response) => {
        let body = ""
        request.on("data", (chunk) => (body += chunk))
        request.on("end", () => {
          response.writeHead(418, { "X-Answer": "Yes", "Set-Cookie": ["a=1", "b=2"] })
          response.end(
            JSON.stringify([
              request.method,
              request.url,
              request.headers["if-match"],
              request.headers["user-agent"],
              body
            ])
          )
        })
      },
      async (url) => {
        const reply = await send({
          method: "PATCH",
          url: `${url}/a?b=c%20d`,
          headers: { "If-Match": '"x-1"', "Content-Type": "application/json" },
          body: '{ "n": 1.0 }'
        })
        assert.strictEqual(reply.status, 418)
        assert.strictEqual(reply.headers["x-answer"], "Yes")
        assert.strictEqual(reply.headers["set-cookie"], "a=1, b=2")
        assert.deepStrictEqual(JSON.parse(reply.text), [
          "PATCH",
          "/a?b=c%20d",
          '"x-1"',
          "campaignctl",
          '{ "n": 1.0 }'
        ])
      }
    ))

  it("follows no redirect, which would take the token elsewhere", () =>
    withServer(
      (_request, response) => response.writeHead(302, { Location: "http://127.0.0.1:1/" }).end(),
      async (url) => assert.strictEqual((await send(get(url))).status, 302)
    ))

  it("reads gzip", () =>
    withServer(
      (_request, response) =>
        response.writeHead(200, { "Content-Encoding": "gzip" }).end(gzipSync("inflated")),
      async (url) => assert.strictEqual((await send(get(url))).text, "inflated")
    ))

  it("refuses a reply that is too large, inflated ones too", () =>
    withServer(
      (_request, response) =>
        response
          .writeHead(200, { "Content-Encoding": "gzip" })
          .end(gzipSync(Buffer.alloc(MAX_REPLY_BYTES + 1))),
      async (url) => assert.strictEqual((await failure(send(get(url)))).reason, "malformed-reply")
    ))

  it("fails when the body is cut short", () =>
    withServer(
      (_request, response) => {
        response.writeHead(200, { "Content-Length": "100" }).write("half")
        setImmediate(() => response.destroy())
      },
      async (url) => assert.strictEqual((await failure(send(get(url)))).reason, "connection-lost")
    ))

  it("fails when the connection is cut before a reply", () =>
    withServer(
      (request) => request.socket.destroy(),
      async (url) => assert.strictEqual((await failure(send(get(url)))).reason, "connection-lost")
    ))

  it("tells that nothing was sent where nobody listens, or the name does not exist", async () => {
    const refused = await failure(send(get("http://127.0.0.1:1/")))
    assert.strictEqual(refused.reason, "unreachable")
    assert.include(refused.message, "127.0.0.1:1 (ECONNREFUSED)")
    assert.strictEqual((await failure(send(get("http://nowhere.invalid/")))).reason, "unreachable")
  })

  it("tells that nothing was sent where the server does not speak TLS", () =>
    withServer(
      (_request, response) => response.end(),
      async (url) =>
        assert.strictEqual(
          (await failure(send(get(url.replace("http:", "https:"))))).reason,
          "unreachable"
        )
    ))

  it("ends the request when it is aborted, before the reply and within it", () =>
    withServer(
      (request, response) => {
        if (request.url === "/within") response.writeHead(200).write("some")
      },
      async (url) => {
        for (const path of ["/before", "/within"]) {
          const abort = new AbortController()
          const sending = failure(send(get(url + path), abort.signal))
          setTimeout(() => abort.abort(), 20)
          assert.strictEqual((await sending).reason, "connection-lost")
        }
      }
    ))

  it("goes through the proxy that the environment names", () =>
    withServer(
      (request, response) => response.end(`proxied ${request.url}`),
      async (proxy) => {
        process.env["http_proxy"] = proxy
        try {
          const reply = await send(get("http://genesys.invalid/token"), NEVER, process.env)
          assert.strictEqual(reply.text, "proxied http://genesys.invalid/token")
          const failed = await failure(
            send(get("http://genesys.invalid/"), AbortSignal.abort(), process.env)
          )
          assert.strictEqual(failed.reason, "connection-lost")
        } finally {
          delete process.env["http_proxy"]
        }
      }
    ))
})
