import { CampaignGateway, CampaignId, type Change, TargetState } from "@campaignctl/core"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Stream } from "effect"
import { FakeGenesys, json } from "../support/fakeGenesys.ts"

const ID = CampaignId.make("aaaaaaaa-aaaa-4aaa-8aaa-aaaaaaaaaaaa")
const body = { id: ID, name: "Fake", campaignstate: "invalid-here" }
const layerOf = (genesys: FakeGenesys) => genesys.layer({ contract: "etag" })
const change = (target: Change["target"], drain: boolean): Change => ({
  target,
  drain,
  restart: false,
  ...(target === "paused" ? { pauseReason: "OTHER" } : {})
})

describe("a PATCH", () => {
  for (const target of TargetState.literals)
    for (const drain of [true, false])
      it.effect(`to ${target}, drain ${drain}, says what the contract asks and no more`, () =>
        Effect.gen(function* () {
          const genesys = new FakeGenesys(() => json(200, body, { etag: 'W/"7"' }))
          yield* CampaignGateway.use((gateway) =>
            Effect.flatMap(gateway.get(ID), (seen) => gateway.apply(seen, change(target, drain)))
          ).pipe(Effect.provide(layerOf(genesys)))
          const sent = genesys.requests.at(-1)
          assert.strictEqual(sent?.method, "PATCH")
          assert.strictEqual(sent?.headers["If-Match"], 'W/"7"')
          assert.deepStrictEqual(JSON.parse(sent?.body ?? ""), {
            campaignstate: target,
            ...(target === "paused" ? { pauseReason: "OTHER" } : {}),
            drainqueue: target === "paused" && drain
          })
        })
      )

  it.effect("is never sent for a campaign that a list showed without its ETag", () =>
    Effect.gen(function* () {
      const genesys = new FakeGenesys(() => json(200, { entities: [body] }))
      const error = yield* CampaignGateway.use((gateway) =>
        Stream.runCollect(gateway.list({})).pipe(
          Effect.map((pages) => pages.flatMap(({ campaigns }) => campaigns)),
          Effect.flatMap(
            Effect.forEach((listed) => Effect.flip(gateway.apply(listed, change("paused", true))))
          )
        )
      ).pipe(Effect.provide(layerOf(genesys)))
      assert.deepStrictEqual(
        error.map(({ _tag }) => _tag),
        ["LockConflict"]
      )
      assert.isTrue(genesys.requests.every(({ method }) => method === "GET"))
    })
  )
})

describe("a stop without a lock", () => {
  const cases: ReadonlyArray<readonly [state: string, sent: Array<string>]> = [
    ["active", ["GET", "PATCH"]],
    // It may be one that dials.
    ["hibernating", ["GET", "PATCH"]],
    ["paused", ["GET"]],
    ["completed", ["GET"]]
  ]
  for (const [state, sent] of cases)
    it.effect(`of a campaign that is ${state} sends ${sent.join(" and ")}`, () =>
      Effect.gen(function* () {
        const genesys = new FakeGenesys(({ method }) =>
          json(
            200,
            { ...body, campaignstate: method === "GET" ? state : "paused" },
            { etag: 'W/"7"' }
          )
        )
        yield* CampaignGateway.use((gateway) => gateway.stop(ID, "COMPLIANCE")).pipe(
          Effect.provide(layerOf(genesys))
        )
        assert.deepStrictEqual(
          genesys.requests.map(({ method }) => method),
          sent
        )
      })
    )
})
