import { freshDatabase } from "@campaignctl/postgres-server/fresh"
import { assert, describe, it } from "vitest"
import { clientOf } from "./support/checked.ts"
import { PAUSE } from "./support/divided.ts"
import { receiver, until } from "./support/listener.ts"
import { Bench } from "./support/service.ts"

const CHANGES = 6

describe("webhooks of two services on one PostgreSQL database", () => {
  it("have one subscription, tell of each change in one message, and go on with either of them", async () => {
    using here = await receiver()
    await using bench = await Bench.make("platform", {}, await freshDatabase())
    const env = { CAMPAIGNCTL_WEBHOOK_ALLOW: "127.0.0.1", WEBHOOK_CALLBACK_URL: here.url }
    const services = await Promise.all([bench.start(env), bench.start(env)])
    const [one, other] = await Promise.all(services.map(({ url }) => clientOf(url)))
    assert(one !== undefined && other !== undefined)
    assert.lengthOf((await one("GET", "/v1/webhooks")).body.subscriptions, 1)
    const secrets = services.filter(({ said }) => said.includes("A secret was made"))
    assert.isAtMost(secrets.length, 1)

    const changed: Array<string> = []
    const change = async (api: typeof one): Promise<void> => {
      const { id } = await bench.simulator.control.addCampaign({
        name: `Told ${changed.length}`,
        status: "on"
      })
      changed.push(id)
      const { status, text } = await api("POST", `/v1/campaigns/${id}/transitions`, { body: PAUSE })
      assert.strictEqual(status, 200, text)
    }
    /** What was told of our own changes: of each campaign the messages, by their ids. */
    const told = (): ReadonlyMap<string, ReadonlySet<string>> => {
      const messages = here.got.flatMap(({ body, id }) => {
        const event = JSON.parse(body)
        return event.data.source === "http" ? [{ id, subject: String(event.subject) }] : []
      })
      return new Map(
        [...Map.groupBy(messages, ({ subject }) => subject)].map(([subject, all]) => [
          subject,
          new Set(all.map(({ id }) => id))
        ])
      )
    }
    for (let n = 0; n < CHANGES; n++) await change(n % 2 === 0 ? one : other)
    await until(() => told().size >= CHANGES)
    assert.strictEqual(await services[0]?.end(), 0)
    await change(other)
    await until(() => told().size > CHANGES)
    assert.sameMembers([...told().keys()], changed)
    // What is told again, because whoever told it has ended, is the same message.
    for (const [id, messages] of told()) assert.strictEqual(messages.size, 1, id)
    assert.strictEqual(await services[1]?.end(), 0)
    for (const { said } of services) assert.notMatch(said, /"level":"error"/i)
  })
})
