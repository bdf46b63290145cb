import {
  AgentCapacity,
  attribute,
  CampaignGateway,
  CampaignId,
  continuingTrace
} from "@campaignctl/core"
import { assert, describe, it } from "@effect/vitest"
import { Effect, type Layer, Stream, Tracer } from "effect"
import type { GenesysServices } from "../../src/index.ts"
import { Diagnosis, WebhookRegistration } from "../../src/index.ts"
import { campaignBody, FakeGenesys, json } from "../support/fakeGenesys.ts"

const ID = CampaignId.make("aaaaaaaa-aaaa-4aaa-8aaa-aaaaaaaaaaaa")
const TRACE = "0af7651916cd43dd8448eb211c80319c"

/** Runs an effect and gives the client spans that it made. */
const spansOf = <A, E, LE>(
  effect: Effect.Effect<A, E, GenesysServices>,
  layer: Layer.Layer<GenesysServices, LE>
) =>
  Effect.gen(function* () {
    const spans: Array<Tracer.NativeSpan> = []
    const tracer = Tracer.make({
      span: (options) => {
        const span = new Tracer.NativeSpan(options)
        if (options.kind === "client") spans.push(span)
        return span
      }
    })
    yield* effect.pipe(
      Effect.exit,
      Effect.provide(layer),
      continuingTrace({ traceparent: `00-${TRACE}-b7ad6b7169203331-01` }),
      Effect.withTracer(tracer)
    )
    return spans
  })

/** Every request that the package knows how to send. */
const everything = Effect.gen(function* () {
  const gateway = yield* CampaignGateway
  const campaign = yield* gateway.get(ID)
  yield* gateway.apply(campaign, { target: "archived", drain: true, restart: false })
  yield* gateway.outstandingCalls(ID)
  yield* Stream.runDrain(gateway.list({}))
  yield* Effect.ignore((yield* AgentCapacity).available({ _tag: "Queue", id: ID }))
  yield* Effect.ignore((yield* AgentCapacity).available({ _tag: "AllQueues" }))
  yield* Effect.ignore((yield* Diagnosis).permissions)
  yield* Effect.ignore((yield* WebhookRegistration).register("https://hooks.example/x"))
})

const body = (url: string) =>
  /campaigns\?/.test(url)
    ? { entities: [], pageCount: 1 }
    : /routing\/queues/.test(url)
      ? { entities: [{ id: ID }], pageCount: 1 }
      : campaignBody({ campaignStatus: "on", campaignstate: "active" })

describe("the span of a request to Genesys", () => {
  for (const contract of ["platform", "etag"] as const)
    it.effect(
      `tells the template of the path that is sent, and is the parent of what follows: ${contract}`,
      () =>
        Effect.gen(function* () {
          const genesys = new FakeGenesys(({ url }) =>
            json(200, body(url), { etag: '"1"', "inin-correlation-id": "correlation" })
          )
          const archiveDivision = contract === "platform" ? { archiveDivision: "archive" } : {}
          const layer = genesys.layer({ contract, ...archiveDivision })
          const spans = (yield* spansOf(everything, layer)).filter(
            (span) => !span.name.endsWith("/oauth/token")
          )
          assert.isAbove(spans.length, 4)
          assert.strictEqual(spans.length, genesys.requests.length)
          for (const [at, request] of genesys.requests.entries()) {
            const span = spans[at]
            assert.isDefined(span)
            const template = String(span.attributes.get(attribute.urlTemplate))
            const path = new URL(request.url).pathname.replace("/prefix", "")
            assert.match(path, new RegExp(`^${template.replaceAll(/\{\w+\}/g, "[^/]+")}$`))
            assert.strictEqual(span.name, `${request.method} ${template}`)
            assert.deepInclude(Object.fromEntries(span.attributes), {
              [attribute.serverAddress]: "genesys.example",
              [attribute.serverPort]: 80,
              [attribute.httpStatus]: 200,
              [attribute.correlationId]: "correlation"
            })
            assert.strictEqual(request.headers["traceparent"], `00-${TRACE}-${span.spanId}-01`)
          }
        })
    )

  it.effect("has failed where the status says so, and is one per sending", () =>
    Effect.gen(function* () {
      const genesys = new FakeGenesys(() => json(401, {}))
      const spans = yield* spansOf(
        CampaignGateway.use((gateway) => gateway.get(ID)),
        genesys.layer()
      )
      assert.deepStrictEqual(
        spans.map(({ attributes, name }) => [
          name,
          attributes.get(attribute.resend),
          attributes.get(attribute.errorType)
        ]),
        [
          ["POST /oauth/token", undefined, undefined],
          ["GET /api/v2/outbound/campaigns/{campaignId}", undefined, "401"],
          ["POST /oauth/token", undefined, undefined],
          ["GET /api/v2/outbound/campaigns/{campaignId}", 1, "401"]
        ]
      )
      assert.deepStrictEqual(
        spans.map(({ status }) => status._tag === "Ended" && status.exit._tag),
        ["Success", "Failure", "Success", "Failure"]
      )
    })
  )
})
