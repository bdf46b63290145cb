import {
  type Campaign,
  CampaignGateway,
  CampaignId,
  type Change,
  LockToken
} from "@campaignctl/core"
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import fc from "fast-check"
import { campaignBody, FakeGenesys, json } from "../support/fakeGenesys.ts"
import { overSimulator, Simulated, simulator } from "../support/simulated.ts"

const ID = CampaignId.make("aaaaaaaa-aaaa-4aaa-8aaa-aaaaaaaaaaaa")
const change = (target: Change["target"], more: Partial<Change> = {}): Change => ({
  target,
  drain: true,
  restart: false,
  ...more
})

/** Reads a campaign whose body is this very text, pauses it, and gives the body that was sent. */
const bodySent = async (text: string): Promise<string | undefined> => {
  const genesys = new FakeGenesys(() => ({ status: 200, headers: {}, text }))
  const program = Effect.gen(function* () {
    const gateway = yield* CampaignGateway
    yield* gateway.apply(yield* gateway.get(ID), change("paused"))
  })
  await Effect.runPromise(Effect.provide(program, genesys.layer()))
  return genesys.requests.find(({ method }) => method === "PUT")?.body
}

const paused = (text: string): string =>
  text.replace('"campaignStatus":"on"', '"campaignStatus":"off"')

describe("a PUT", () => {
  it("sends back every digit and every field as it was read", async () => {
    const text =
      `{"id":"${ID}","name":"Grüße \\u0000 \\ud83d","campaignStatus":"on","version":7,` +
      `"maxCallsPerAgent":1.0,"huge":12345678901234567890,"tiny":1e-400,"minusNought":-0,"exponent":1E3,` +
      `"__proto__":{"polluted":true},"toJSON":{"x":1},"":null,"futureField":[{"deep":[1.10,[]]}]}`
    assert.strictEqual(await bodySent(text), paused(text))
  })

  it("changes nothing but the status, whatever fields there are", async () => {
    await fc.assert(
      fc.asyncProperty(fc.dictionary(fc.string(), fc.jsonValue()), async (fields) => {
        const text = JSON.stringify({ ...fields, ...campaignBody({ name: "Any" }) })
        assert.strictEqual(await bodySent(text), paused(text))
      }),
      { numRuns: 200 }
    )
  })

  it("turns off what has a status that is not known, also to complete or to archive it", async () => {
    for (const target of ["paused", "completed", "archived"] as const) {
      const genesys = new FakeGenesys(() =>
        json(200, campaignBody({ campaignStatus: "warming_up" }))
      )
      const program = CampaignGateway.use((gateway) =>
        Effect.flatMap(gateway.get(ID), (campaign) => gateway.apply(campaign, change(target)))
      )
      await Effect.runPromise(Effect.provide(program, genesys.layer()))
      const put = genesys.requests.find(({ method }) => method === "PUT")
      assert.include(put?.body, '"campaignStatus":"off"', target)
    }
  })

  it("stops without a lock by one request, which reads nothing and says nothing but which campaign", async () => {
    const genesys = new FakeGenesys(() => ({ status: 204, headers: {}, text: "" }))
    const program = CampaignGateway.use((gateway) => gateway.stop(ID, "COMPLIANCE"))
    await Effect.runPromise(Effect.provide(program, genesys.layer()))
    assert.deepStrictEqual(
      genesys.requests.map(({ body, method, url }) => [method, new URL(url).pathname, body]),
      [["POST", `/prefix/api/v2/outbound/campaigns/${ID}/stop`, undefined]]
    )
  })

  it("asks that a decimal number of calls for each agent be kept", async () => {
    const genesys = new FakeGenesys(() => json(200, campaignBody()))
    const program = CampaignGateway.use((gateway) =>
      Effect.flatMap(gateway.get(ID), (campaign) => gateway.apply(campaign, change("paused")))
    )
    await Effect.runPromise(Effect.provide(program, genesys.layer()))
    assert.include(genesys.requests[1]?.url ?? "", "useMaxCallsPerAgentDecimal=true")
  })

  it.live("changes one field alone of a simulated campaign with fields that no type knows", () =>
    Effect.gen(function* () {
      const { campaigns, control } = yield* Simulated
      const running = campaigns.find(({ status }) => status === "on")
      if (running === undefined) throw new Error("The simulator has no running campaign.")
      const id = CampaignId.make(running.id)
      yield* Effect.promise(() =>
        control.changeCampaign(id, { fields: { notYetInvented: { by: ["anyone"] } } })
      )
      const gateway = yield* CampaignGateway
      const before = yield* Effect.promise(() => control.campaign(id))
      yield* gateway.apply(yield* gateway.get(id), change("paused"))
      const [write] = yield* Effect.promise(() => control.writes({ by: "api" }))
      const after = yield* Effect.promise(() => control.campaign(id))
      assert.deepStrictEqual(write?.changedFields, ["campaignStatus"])
      assert.deepStrictEqual(after.document["notYetInvented"], before.document["notYetInvented"])
    }).pipe(Effect.provide(overSimulator("platform")), Effect.provide(simulator()))
  )
})

const campaign = (status: string, more: Partial<Campaign> = {}): Campaign => ({
  id: ID,
  name: "Any",
  status,
  lock: LockToken.make("7"),
  observedAt: 0,
  original: campaignBody({ campaignStatus: status }),
  ...more
})

/** Status read, target, and the status that is sent, or null where nothing is. */
const SENT: ReadonlyArray<readonly [string, Change["target"], string | null]> = [
  ["off", "active", "on"],
  ["complete", "active", "on"],
  ["stopping", "active", "on"],
  ["on", "paused", "off"],
  ["stopping", "paused", null],
  ["forced_stopping", "paused", null],
  ["off", "paused", null],
  ["forced_off", "paused", null],
  ["invalid", "paused", "off"],
  ["hibernating", "paused", "off"],
  ["on", "completed", "off"],
  ["stopping", "completed", null],
  ["off", "completed", null],
  ["on", "archived", "off"],
  ["complete", "archived", null],
  ["invalid", "archived", null]
]

describe("on the platform", () => {
  for (const [status, target, sent] of SENT)
    it.effect(`${status} to ${target} sends ${sent ?? "nothing"}`, () =>
      Effect.gen(function* () {
        const genesys = new FakeGenesys(() => json(200, campaignBody()))
        const applied = yield* CampaignGateway.use((gateway) =>
          gateway.apply(campaign(status), change(target))
        ).pipe(Effect.provide(genesys.layer()))
        assert.strictEqual(applied.wrote, sent !== null)
        assert.deepStrictEqual(
          genesys.requests.map(({ body }) => JSON.parse(body ?? "").campaignStatus),
          sent === null ? [] : [sent]
        )
      })
    )

  it.effect("the version that is sent is the lock's, whatever the body says", () =>
    Effect.gen(function* () {
      const genesys = new FakeGenesys(() => json(200, campaignBody()))
      yield* CampaignGateway.use((gateway) =>
        gateway.apply(
          campaign("on", { lock: LockToken.make("90071992547409931") }),
          change("paused")
        )
      ).pipe(Effect.provide(genesys.layer()))
      assert.include(genesys.requests[0]?.body ?? "", '"version":90071992547409931')
    })
  )
})

const ARCHIVE = "bbbbbbbb-bbbb-4bbb-8bbb-bbbbbbbbbbbb"

describe("archiving to a division", () => {
  const archive = (status: string, genesys: FakeGenesys, more: Partial<Campaign> = {}) =>
    CampaignGateway.use((gateway) =>
      gateway.apply(campaign(status, more), change("archived"))
    ).pipe(Effect.provide(genesys.layer({ archiveDivision: ARCHIVE })))

  it.effect("stops the campaign first, then moves it, and gives the lock of the stop", () =>
    Effect.gen(function* () {
      const genesys = new FakeGenesys(({ method }) =>
        method === "PUT"
          ? json(200, campaignBody({ campaignStatus: "stopping", version: 8 }))
          : { status: 204, headers: {}, text: "" }
      )
      const applied = yield* archive("on", genesys)
      assert.deepStrictEqual(
        genesys.requests.map(({ method }) => method),
        ["PUT", "POST"]
      )
      assert.include(
        genesys.requests[1]?.url ?? "",
        `/authorization/divisions/${ARCHIVE}/objects/CAMPAIGN`
      )
      assert.strictEqual(genesys.requests[1]?.body, JSON.stringify([ID]))
      assert.strictEqual(applied.campaign.lock, "8")
      assert.strictEqual(applied.campaign.division?.id, ARCHIVE)
    })
  )

  it.effect(
    "moves a campaign that does not dial, and sends nothing for one that is there already",
    () =>
      Effect.gen(function* () {
        const genesys = new FakeGenesys(() => ({ status: 204, headers: {}, text: "" }))
        assert.isTrue((yield* archive("complete", genesys)).wrote)
        assert.isFalse((yield* archive("off", genesys, { division: { id: ARCHIVE } })).wrote)
        assert.strictEqual(genesys.requests.length, 1)
      })
  )

  it.effect("that may not move it names the permission and says what was done", () =>
    Effect.gen(function* () {
      const genesys = new FakeGenesys(() =>
        json(403, {
          code: "missing.permissions",
          message: "You are missing authorization:division:edit"
        })
      )
      const error = yield* Effect.flip(archive("off", genesys))
      assert.strictEqual(
        error._tag === "PermissionMissing" && error.permission,
        "authorization:division:edit"
      )
      assert.include(error.message, "was not moved to the archive division")
    })
  )
})
