import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { collectSpans, inServerSpan } from "../src/index.ts"

const TRACE = "0af7651916cd43dd8448eb211c80319c"
const CALLER = "b7ad6b7169203331"

const served = (method: string, status: number, headers: Readonly<Record<string, string>> = {}) =>
  Effect.gen(function* () {
    const { collecting, spans } = collectSpans()
    yield* Effect.succeed({ status }).pipe(
      inServerSpan({ method, route: "/v1/campaigns/{id}", header: (name) => headers[name] }),
      collecting
    )
    assert.lengthOf(spans(), 1)
    return spans()[0]
  })

describe("the span of a request that is served", () => {
  it.effect("continues the caller's trace", () =>
    Effect.gen(function* () {
      const span = yield* served("GET", 200, { traceparent: `00-${TRACE}-${CALLER}-01` })
      assert.deepInclude(span, {
        name: "GET /v1/campaigns/{id}",
        kind: "server",
        traceId: TRACE,
        parentSpanId: CALLER,
        ended: "well",
        attributes: {
          "http.request.method": "GET",
          "http.route": "/v1/campaigns/{id}",
          "http.response.status_code": 200
        }
      })
    })
  )

  it.effect("begins a trace where the header is not one", () =>
    Effect.gen(function* () {
      const span = yield* served("GET", 200, { traceparent: "00-nonsense-\r\n-01" })
      assert.isUndefined(span?.parentSpanId)
    })
  )

  it.effect("has failed where the service has, and not where the caller was refused", () =>
    Effect.gen(function* () {
      assert.isUndefined((yield* served("GET", 404))?.attributes["error.type"])
      assert.strictEqual((yield* served("GET", 503))?.attributes["error.type"], "503")
    })
  )

  it.effect("repeats no method that a caller invents", () =>
    Effect.gen(function* () {
      const span = yield* served("SECRET-CANARY", 405)
      assert.strictEqual(span?.name, "HTTP /v1/campaigns/{id}")
      assert.strictEqual(span?.attributes["http.request.method"], "_OTHER")
    })
  )
})
