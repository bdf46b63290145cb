import {
  AgentCapacity,
  CallingWindows,
  CampaignGateway,
  CampaignId,
  type Change,
  judgeWindow
} from "@campaignctl/core"
import type { FaultEffect } from "@campaignctl/genesys-simulator"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer, Redacted, Stream } from "effect"
import { Diagnosis, type GenesysOptions, layer, WebhookRegistration } from "../src/index.ts"
import { optionsFor, overSimulator, Simulated, simulator } from "./support/simulated.ts"

const PAUSE: Change = { target: "paused", pauseReason: "OTHER", drain: true, restart: false }
const CAMPAIGN = "/api/v2/outbound/campaigns/:id"

const over = (contract: GenesysOptions["contract"]) =>
  overSimulator(contract).pipe(Layer.provideMerge(simulator()))

const running = Effect.map(Simulated, ({ campaigns }) => {
  const found = campaigns.find(({ status }) => status === "on")
  if (found === undefined) throw new Error("The simulator has no running campaign.")
  return CampaignId.make(found.id)
})
const fault = (effect: FaultEffect, method = "GET") =>
  Effect.flatMap(Simulated, ({ control }) =>
    Effect.promise(() => control.fault({ ...effect, method, route: CAMPAIGN }))
  )
const requests = Effect.flatMap(Simulated, ({ control }) =>
  Effect.promise(() => control.requests())
)

for (const contract of ["platform", "etag"] as const)
  describe(`over a simulated Genesys, ${contract} contract`, () => {
    it.live("a revoked token is renewed, and the write is sent once more", () =>
      Effect.gen(function* () {
        const gateway = yield* CampaignGateway
        const { control } = yield* Simulated
        const campaign = yield* gateway.get(yield* running)
        yield* Effect.promise(() => control.revokeTokens())
        const applied = yield* gateway.apply(campaign, PAUSE)
        assert.isTrue(applied.wrote)
        const paths = (yield* requests).map(({ path, status }) => [
          path.endsWith("/oauth/token"),
          status
        ])
        assert.deepStrictEqual(paths, [
          [true, 200],
          [false, 200],
          [false, 401],
          [true, 200],
          [false, 200]
        ])
      }).pipe(Effect.provide(over(contract)))
    )

    it.live("wrong credentials are NotAuthenticated, and the secret is not told", () =>
      Effect.gen(function* () {
        const simulated = yield* Simulated
        const options = optionsFor(simulated, contract, {
          clientSecret: Redacted.make("canary-wrong-secret")
        })
        const error = yield* Effect.flip(
          CampaignGateway.use((gateway) =>
            gateway.get(CampaignId.make("aaaaaaaa-aaaa-4aaa-8aaa-aaaaaaaaaaaa"))
          ).pipe(Effect.provide(layer(options)))
        )
        assert.strictEqual(error._tag, "NotAuthenticated")
        assert.notInclude(`${error.message}${JSON.stringify(error)}${error.stack}`, "canary")
      }).pipe(Effect.provide(simulator()))
    )

    it.live("a body that is not JSON is a malformed reply", () =>
      Effect.gen(function* () {
        yield* fault({ kind: "malformedJson" })
        const error = yield* Effect.flip((yield* CampaignGateway).get(yield* running))
        assert.strictEqual(error._tag === "GenesysUnavailable" && error.reason, "malformed-reply")
      }).pipe(Effect.provide(over(contract)))
    )

    it.live("a permission that is missing is named", () =>
      Effect.gen(function* () {
        const { control } = yield* Simulated
        const gateway = yield* CampaignGateway
        const campaign = yield* gateway.get(yield* running)
        yield* Effect.promise(() => control.permissions({ revoke: ["outbound:campaign:edit"] }))
        const error = yield* Effect.flip(gateway.apply(campaign, PAUSE))
        assert.strictEqual(
          error._tag === "PermissionMissing" && error.permission,
          "outbound:campaign:edit"
        )
      }).pipe(Effect.provide(over(contract)))
    )

    it.live("many callers at once share one token", () =>
      Effect.gen(function* () {
        const gateway = yield* CampaignGateway
        const id = yield* running
        yield* Effect.all(
          Array.from({ length: 30 }, () => gateway.get(id)),
          { concurrency: "unbounded" }
        )
        const tokens = (yield* requests).filter(({ path }) => path.endsWith("/oauth/token"))
        assert.strictEqual(tokens.length, 1)
      }).pipe(Effect.provide(over(contract)))
    )

    it.live("the token and the clock can be diagnosed", () =>
      Effect.gen(function* () {
        const { control } = yield* Simulated
        yield* Effect.promise(() => control.dateSkew(0))
        const diagnosis = yield* Diagnosis
        yield* diagnosis.token
        assert.isNumber(yield* diagnosis.clockSkewMs)
      }).pipe(Effect.provide(over(contract)))
    )
  })

describe("over a simulated Genesys, codes of the platform", () => {
  const CODES: ReadonlyArray<readonly [string, string]> = [
    ["invalid.update.wrong.version", "LockConflict"],
    ["request.conflict", "LockConflict"],
    ["invalid.update.campaign.active", "GenesysRefused"],
    ["active.campaigns.limit.exceeded", "GenesysRefused"],
    ["campaign.black.listed", "GenesysRefused"],
    ["missing.division.permission", "PermissionMissing"],
    ["resource.not.found", "CampaignNotFound"],
    ["service.unavailable", "GenesysUnavailable"]
  ]
  for (const [code, tag] of CODES)
    it.live(`${code} on a write is ${tag}, with the context id`, () =>
      Effect.gen(function* () {
        const gateway = yield* CampaignGateway
        const campaign = yield* gateway.get(yield* running)
        yield* fault({ kind: "status", code }, "PUT")
        const error = yield* Effect.flip(gateway.apply(campaign, PAUSE))
        assert.strictEqual(error._tag, tag)
        assert.match(("contextId" in error && error.contextId) || "", /^[0-9a-f-]{36}$/)
      }).pipe(Effect.provide(over("platform")))
    )

  it.live("a rate limit is waited for before it is overrun", () =>
    Effect.gen(function* () {
      const { control } = yield* Simulated
      const gateway = yield* CampaignGateway
      const id = yield* running
      yield* Effect.promise(() => control.rate(4)) // one of them is kept for a halt
      yield* gateway.get(id)
      yield* gateway.get(id)
      yield* gateway.get(id)
      const error = yield* Effect.flip(gateway.get(id))
      assert.isTrue(error._tag === "RateLimited" && (error.retryAfterMs ?? 0) > 0)
      const answered = (yield* requests).filter(({ path }) => path.includes("/campaigns/"))
      assert.deepStrictEqual(
        answered.map(({ status }) => status),
        [200, 200, 200]
      )
    }).pipe(
      Effect.provide(
        overSimulator("platform", { pacingPatienceMs: 0 }).pipe(Layer.provideMerge(simulator()))
      )
    )
  )

  it.live("the campaign's callable time set becomes its calling window", () =>
    Effect.gen(function* () {
      const { list } = yield* CampaignGateway
      const pages = yield* Stream.runCollect(list({}))
      const campaigns = pages.flatMap((page) => page.campaigns)
      const windows = yield* CallingWindows
      const withSet = campaigns.find(({ callableTimeSet }) => callableTimeSet !== undefined)
      const without = campaigns.find(({ callableTimeSet }) => callableTimeSet === undefined)
      if (withSet === undefined || without === undefined)
        throw new Error("The simulator's campaigns are all of one kind.")
      const window = yield* windows.windowFor(withSet)
      if ("_tag" in window) throw new Error(window.why)
      assert.strictEqual(judgeWindow(window, 0)._tag, "WindowJudged")
      assert.include(yield* windows.windowFor(without), { _tag: "Unknown" })
    }).pipe(Effect.provide(over("platform")))
  )

  it.live("archiving over the ETag contract says that the campaign stays where it is", () =>
    Effect.gen(function* () {
      const id = yield* running
      const archiving = (division: string) =>
        Effect.gen(function* () {
          const gateway = yield* CampaignGateway
          const to = (target: "archived" | "completed") =>
            Effect.flatMap(gateway.get(id), (campaign) =>
              gateway.apply(campaign, { ...PAUSE, target })
            )
          return [(yield* to("completed")).warnings, (yield* to("archived")).warnings] as const
        }).pipe(Effect.provide(overSimulator("etag", { archiveDivision: division })))
      const [completed, archived] = yield* archiving("bbbbbbbb-bbbb-4bbb-8bbb-bbbbbbbbbbbb")
      assert.deepStrictEqual(completed, [])
      assert.strictEqual(archived.length, 1)
      assert.include(archived[0] ?? "", "was not moved to the archive division")
    }).pipe(Effect.provide(over("platform")))
  )

  it.live("archiving moves the campaign to the archive division", () =>
    Effect.gen(function* () {
      const { control } = yield* Simulated
      const state = yield* Effect.promise(() => control.state())
      const archive = state.divisions.find(({ home }) => !home)
      if (archive === undefined) throw new Error("The simulator has one division alone.")
      const id = yield* running
      const applied = yield* Effect.gen(function* () {
        const gateway = yield* CampaignGateway
        return yield* gateway.apply(yield* gateway.get(id), { ...PAUSE, target: "archived" })
      }).pipe(Effect.provide(overSimulator("platform", { archiveDivision: archive.id })))
      const seen = yield* Effect.flatMap(CampaignGateway, (gateway) => gateway.get(id)).pipe(
        Effect.provide(overSimulator("platform"))
      )
      assert.strictEqual(applied.campaign.division?.id, archive.id)
      assert.strictEqual(seen.division?.id, archive.id)
    }).pipe(Effect.provide(simulator()))
  )

  it.live("agents of all queues need the queues' permission too, and say so", () =>
    Effect.gen(function* () {
      const { control } = yield* Simulated
      yield* Effect.promise(() => control.permissions({ revoke: ["routing:queue:view"] }))
      const error = yield* Effect.flip((yield* AgentCapacity).available({ _tag: "AllQueues" }))
      assert.strictEqual(
        error._tag === "PermissionMissing" && error.permission,
        "routing:queue:view"
      )
      const permissions = yield* (yield* Diagnosis).permissions
      assert.deepStrictEqual(
        permissions?.filter(({ granted }) => !granted).map(({ permission }) => permission),
        ["routing:queue:view"]
      )
    }).pipe(Effect.provide(over("platform")))
  )
})

describe("a webhook", () => {
  it.live("is registered once; a second time it exists already, which is as good", () =>
    Effect.gen(function* () {
      const webhooks = yield* WebhookRegistration
      const first = yield* webhooks.register("https://wfm.example/hook")
      assert.match(first.id, /^[0-9a-f-]{36}$/)
      assert.deepStrictEqual(yield* webhooks.register("https://wfm.example/hook"), {
        id: "existing"
      })
      const { control } = yield* Simulated
      const { webhooks: kept } = yield* Effect.promise(() => control.state())
      assert.strictEqual(kept[0]?.["endpoint"], "https://wfm.example/hook")
    }).pipe(Effect.provide(over("etag")))
  )

  it.live("is not registered for an address that is none, nor where there are no webhooks", () =>
    Effect.gen(function* () {
      const none = yield* Effect.flip(
        WebhookRegistration.use((webhooks) => webhooks.register("not an address")).pipe(
          Effect.provide(over("etag"))
        )
      )
      assert.strictEqual(none._tag, "RequestInvalid")
      const platform = yield* Effect.flip(
        WebhookRegistration.use((webhooks) => webhooks.register("https://wfm.example/")).pipe(
          Effect.provide(over("platform"))
        )
      )
      assert.include(platform.message, "has no webhooks")
    })
  )
})
