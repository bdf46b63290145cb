import { assert, describe, it } from "vitest"
import { clientOf } from "../support/checked.ts"
import { Telling, until } from "../support/Telling.ts"

/** Milliseconds for which a slow receiver keeps its answer back: longer than any attempt waits. */
const NEVER_MS = 600_000
/** Milliseconds in which the service ends: fewer than the fifteen seconds that an attempt waits for its answer. */
const IN_TIME_MS = 10_000

describe("webhooks, where the service is to end", () => {
  it("SIGTERM does not wait for a slow receiver, which is told again under the same id", async () => {
    await using here = await Telling.make()
    const [id = ""] = await here.campaigns("Slow", 1)
    const service = await here.start({ CAMPAIGNCTL_SHUTDOWN_SECONDS: "3600" })
    const api = await clientOf(service.url)
    await here.receiver.kill()
    await here.receiver.start(NEVER_MS)
    const reply = await api("POST", `/v1/campaigns/${id}/transitions`, {
      body: { target: "paused", reason: "OTHER" }
    })
    assert.strictEqual(reply.status, 200, reply.text)
    const about = async () =>
      (await here.receiver.messages()).filter(
        ({ event }) =>
          event.type === "campaign.state.changed" &&
          event.data.ledger.sequence === reply.body.auditSequence
      )
    const [first] = await until(async () => {
      const found = await about()
      return found.length > 0 ? found : undefined
    })

    const late = new Promise((resolve) => setTimeout(() => resolve("late"), IN_TIME_MS).unref())
    assert.strictEqual(await Promise.race([service.end("SIGTERM"), late]), 0)
    const delivered = async () =>
      (await here.entries()).filter(
        ({ delivery, success }) => success && delivery?.eventId === first?.id
      )
    assert.deepEqual(await delivered(), [])
    assert.lengthOf(await about(), 1)

    await here.receiver.kill()
    await here.receiver.start()
    const again = await here.start()
    const second = await until(async () => (await about())[1])
    assert.deepEqual([second.id, second.event], [first?.id, first?.event])
    const [told, ...more] = await until(async () => {
      const found = await delivered()
      return found.length > 0 ? found : undefined
    })
    assert.deepEqual([told?.delivery?.status, more], [204, []])
    assert.strictEqual(await again.end("SIGTERM"), 0)
    assert.lengthOf(await about(), 2)
    assert.strictEqual((await here.verified())._tag, "Intact")
  })
})
