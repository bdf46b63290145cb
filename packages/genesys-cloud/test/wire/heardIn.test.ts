import { CampaignGateway, CampaignId, RequestBudget } from "@campaignctl/core"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import { heardIn } from "../../src/wire/heardIn.ts"
import type { WireReply } from "../../src/wire/Transport.ts"
import { campaignBody, FakeGenesys, json } from "../support/fakeGenesys.ts"

type Headers = WireReply["headers"]

const counted = (used: string, allowed: string, reset: string): Headers => ({
  "inin-ratelimit-count": used,
  "inin-ratelimit-allowed": allowed,
  "inin-ratelimit-reset": reset
})
const count = { used: 120, allowed: 300, resetsInMs: 20_000 }

const replies: ReadonlyArray<readonly [status: number, Headers, heard: object]> = [
  [200, counted("120", "300", "20"), { count }],
  [500, counted(" 120 ", "300", "20"), { count }],
  [429, { ...counted("120", "300", "20"), "retry-after": "7" }, { count, refusedForMs: 7_000 }],
  [429, { "retry-after": "7" }, { refusedForMs: 7_000 }],
  [429, {}, {}],
  // A wait that is asked for elsewhere is of that request, and no refusal of the client.
  [503, { "retry-after": "7" }, {}],
  [200, {}, { unlimited: true }],
  [204, {}, { unlimited: true }],
  [404, {}, {}],
  ...["", "-1", "1e3", "1.5", "many", "1234567890"].map(
    (odd) => [404, counted(odd, "300", "20"), {}] as const
  ),
  [404, counted("120", "0", "20"), {}],
  [404, counted("120", "300", ""), {}]
]

describe("what a reply says of the budget", () => {
  for (const [status, headers, heard] of replies)
    it(`with ${status} and ${JSON.stringify(headers)} is ${JSON.stringify(heard)}`, () => {
      assert.deepStrictEqual(heardIn({ status, headers, receivedAt: 0 }), heard)
    })
})

describe("the budget that the composition has", () => {
  it.effect("admits every request, and is told of its reply and handed on", () =>
    Effect.gen(function* () {
      const told: Array<unknown> = []
      const shared = RequestBudget.of({
        around: ({ class: budgetClass, atOnce }, request, heard) =>
          Effect.tap(request, (reply) =>
            Effect.sync(() => told.push({ budgetClass, atOnce, ...heard(reply) }))
          ),
        ahead: (_admission, work) => work,
        seen: Effect.succeed(undefined)
      })
      const genesys = new FakeGenesys(() => json(200, campaignBody(), counted("120", "300", "20")))
      const id = CampaignId.make("aaaaaaaa-aaaa-4aaa-8aaa-aaaaaaaaaaaa")
      const given = yield* CampaignGateway.use((gateway) =>
        Effect.andThen(gateway.get(id), RequestBudget)
      ).pipe(Effect.provide(Layer.provide(genesys.layer(), Layer.succeed(RequestBudget, shared))))
      assert.deepStrictEqual(told, [{ budgetClass: "operator", atOnce: false, count }])
      assert.strictEqual(given, shared)
    })
  )
})
