import { Redacted } from "effect"
import { Webhook } from "standardwebhooks"
import { assert, describe, it } from "vitest"
import { startEmbedded } from "../src/server/embedded.ts"
import { welcome } from "../src/server/welcome.ts"
import { clientOf } from "./support/checked.ts"
import { PAUSE } from "./support/divided.ts"
import { receiver, until } from "./support/listener.ts"
import { Bench, type Contract, startService } from "./support/service.ts"

const SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
const ALLOW = { CAMPAIGNCTL_WEBHOOK_ALLOW: "127.0.0.1" }
/** An entry of the ledger on a delivery, as far as it is looked at here. */
interface Told {
  readonly source: string
  readonly success: boolean
  readonly delivery: { readonly eventId: string; readonly status: number }
}
/** Milliseconds that a slow receiver takes: longer than the service takes to end. */
const SLOW_MS = 60_000

describe("the receiver that the configuration names", () => {
  it.each<Contract>(["platform", "etag"])(
    "is told of a change made through the service, over the %s contract",
    async (contract) => {
      using here = await receiver()
      await using bench = await Bench.make(contract)
      const { id } = await bench.simulator.control.addCampaign({ name: "Told", status: "on" })
      const env = { ...ALLOW, WEBHOOK_CALLBACK_URL: here.url, WEBHOOK_SECRET: SECRET }
      const service = await bench.start(env)
      await until(() => service.said.includes("Read more"))
      assert.include(service.said, `Webhooks: http://127.0.0.1:${here.port} is told`)
      for (const hidden of [SECRET, "/hook", "hers", "secret was made"])
        assert.notInclude(service.said, hidden)
      const api = await clientOf(service.url)
      const changed = await api("POST", `/v1/campaigns/${id}/transitions`, { body: PAUSE })
      assert.strictEqual(changed.status, 200, changed.text)
      const ofIt = () => here.got.filter(({ body }) => body.includes(id))
      await until(() => ofIt().length > 0)
      const [first] = ofIt()
      const event = new Webhook(SECRET).verify(first?.body ?? "", first?.headers ?? {})
      assert.deepInclude(event as object, { type: "campaign.state.changed", subject: id }) // it is one
      assert.strictEqual(first?.headers["x-genesys-source"], "campaign-state-manager")
      // Who was told what stands in the ledger.
      const told = async () => {
        const { entries } = (await api("GET", `/v1/audit?campaignId=${id}&kind=delivery`)).body
        return Array.from<Told>(entries).find(({ delivery }) => delivery.eventId === first?.id)
      }
      await until(async () => (await told()) !== undefined)
      const entry = await told()
      assert.deepInclude(entry as object, { source: "webhooks", success: true }) // it was waited for
      assert.strictEqual(entry?.delivery.status, 204)
      assert.notInclude(JSON.stringify(entry), "hers")
      assert.strictEqual(await service.end(), 0)
    }
  )

  it("is kept over starts, and told of where it is not configured any more", async () => {
    using here = await receiver()
    await using bench = await Bench.make()
    const idOf = (said: string) => / is told of every change \(([^)]+)\)/.exec(said)?.[1]
    const start = async (env: Record<string, string>) => {
      const service = await bench.start({ ...ALLOW, ...env })
      await until(() => service.said.includes("Read more"))
      await service.end()
      return service.said
    }
    const first = await start({ WEBHOOK_CALLBACK_URL: here.url })
    assert.match(first, /A secret was made for it, and is not shown/)
    assert.notInclude(first, "whsec_")
    const second = await start({ WEBHOOK_CALLBACK_URL: here.url })
    assert.notInclude(second, "A secret was made")
    const third = await start({})
    assert.include(third, "WEBHOOK_CALLBACK_URL is not set any more")
    assert.isDefined(idOf(first))
    assert.deepStrictEqual([idOf(second), idOf(third)], [idOf(first), idOf(first)])
  })

  it("keeps the service from starting where it may not be reached, or where it is malformed", async () => {
    await using bench = await Bench.make()
    for (const [env, said] of [
      [
        { WEBHOOK_CALLBACK_URL: "http://127.0.0.1:9/?key=hers" },
        /ended with 2: .*WEBHOOK_CALLBACK_URL.*CAMPAIGNCTL_WEBHOOK_ALLOW names, found one to which nothing may be sent \(It is http, which anybody on the way can read\)\.\n/s
      ],
      [
        {
          WEBHOOK_CALLBACK_URL: "ftp://here.example/",
          WEBHOOK_SECRET: "hers",
          CAMPAIGNCTL_WEBHOOK_ALLOW: "10.1",
          CAMPAIGNCTL_WATCH: "maybe"
        },
        /ended with 2: .*WEBHOOK_CALLBACK_URL.*WEBHOOK_SECRET.*WEBHOOK_ALLOW.*CAMPAIGNCTL_WATCH/s
      ]
    ] as const) {
      const failure = await startService({ ...bench.env, ...env }).then(
        () => "it started",
        (error: Error) => error.message
      )
      assert.match(failure, said)
      assert.notInclude(failure, "hers")
    }
  })

  it("gets again what it had not answered when the service ended, which ends without a complaint", async () => {
    using slow = await receiver(SLOW_MS)
    await using bench = await Bench.make()
    const { id } = await bench.simulator.control.addCampaign({ name: "Told", status: "on" })
    const env = { ...ALLOW, WEBHOOK_CALLBACK_URL: slow.url, CAMPAIGNCTL_SHUTDOWN_SECONDS: "1" }
    const service = await bench.start(env)
    const api = await clientOf(service.url)
    await api("POST", `/v1/campaigns/${id}/transitions`, { body: PAUSE })
    const ofIt = () => slow.got.filter(({ body }) => body.includes(id))
    await until(() => ofIt().length > 0)
    assert.strictEqual(await service.end(), 0)
    assert.notMatch(service.said, /"level":"(?:ERROR|WARN)/i)
    await bench.start(env)
    const seen = ofIt().length
    await until(() => ofIt().length > seen)
    assert.strictEqual(ofIt()[seen]?.id, ofIt()[0]?.id)
  })

  it("may be on this machine where Genesys is a simulator, unless something else is said", async () => {
    const KEY = "CAMPAIGNCTL_WEBHOOK_ALLOW"
    const allowed = async (...said: Parameters<typeof startEmbedded>) => {
      const { close, env } = await startEmbedded(...said)
      await close()
      return env[KEY]
    }
    assert.match((await allowed({})) ?? "", /127\.0\.0\.0\/8/)
    assert.strictEqual(await allowed({ [KEY]: "10.0.0.0/8" }), "10.0.0.0/8")
    assert.isUndefined(await allowed({}, { [KEY]: "10.0.0.0/8" }))
  })

  it("has its secret shown on a terminal alone, this once", () => {
    const callback = {
      _tag: "Kept",
      subscription: {
        id: "one",
        url: "https://here.example/hook?key=hers#x",
        eventTypes: [],
        filter: {},
        description: null,
        retryForMs: 1,
        secrets: [],
        disabled: null,
        failingSince: null,
        divisionIds: null,
        managedBy: "WEBHOOK_CALLBACK_URL",
        createdBy: "tester",
        createdAt: "2026-01-01T00:00:00.000Z"
      },
      secret: Redacted.make(SECRET)
    } as const
    const said = (isTerminal: boolean) =>
      welcome({
        url: "http://127.0.0.1:4020",
        ledger: "ledger.db",
        open: true,
        settled: 0,
        postponed: 0,
        callback,
        isTerminal
      })
    assert.include(said(true), SECRET)
    assert.notInclude(said(false), SECRET)
    assert.notInclude(said(true), "hers")
  })
})
