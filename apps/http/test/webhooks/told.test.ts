import { afterAll, assert, beforeAll, describe, it } from "vitest"
import type { Message } from "../support/Receiver.ts"
import { clientOf } from "../support/checked.ts"
import { Telling, until } from "../support/Telling.ts"

/** Changes of each kind, made by so many at once, each on campaigns of its own. */
const CHANGES = 30
const AT_ONCE = 3
/** Milliseconds that a change may take to reach the receiver on a machine that does much else. */
const PATIENCE_MS = 10_000

interface Told {
  readonly message: Message
  /** Milliseconds from the moment before the change was asked for to the message's being received. */
  readonly latencyMs: number
}

const median = (values: ReadonlyArray<number>): number =>
  values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? Number.NaN

const print = (kind: string, told: ReadonlyArray<Told>): void => {
  const latencies = told.map(({ latencyMs }) => latencyMs)
  console.log(
    `${kind}: ${told.length} changes, from change to receipt ${median(latencies)} ms at the median, ${Math.max(...latencies)} ms at worst`
  )
}

describe("webhooks, from end to end", () => {
  let here: Telling
  let api: Awaited<ReturnType<typeof clientOf>>

  beforeAll(async () => {
    here = await Telling.make()
    await here.campaigns("Told", AT_ONCE * 3)
    const service = await here.start()
    api = await clientOf(service.url)
    await here.untilHeard()
  })
  afterAll(() => here[Symbol.asyncDispose]())

  const idsOf = async (): Promise<ReadonlyArray<string>> =>
    (await here.control.state()).campaigns.flatMap(({ id, name }) =>
      name.startsWith("Told ") ? [id] : []
    )

  /** Makes a change, and waits for the message that `is` the one of it. */
  const told = async (change: () => Promise<(message: Message) => boolean>): Promise<Told> => {
    const known = new Set((await here.receiver.messages()).map(({ id }) => id))
    const at = Date.now()
    const is = await change()
    const message = await until(async () => {
      const found = (await here.receiver.messages()).find((one) => !known.has(one.id) && is(one))
      if (found === undefined && Date.now() - at > PATIENCE_MS)
        assert.fail(`The receiver has not heard of it within ${PATIENCE_MS} ms.`)
      return found
    })
    assert.strictEqual(message.source, "campaign-state-manager")
    assert.strictEqual(message.id, message.event.id)
    return { message, latencyMs: message.at - at }
  }

  const elsewhere = (id: string, status: "on" | "off" | "forced_off", state: string) =>
    told(async () => {
      await here.control.changeCampaign(id, { status })
      return ({ event }) =>
        event.type === "campaign.state.changed" &&
        event.subject === id &&
        event.data.state === state &&
        event.data.source === "watch"
    })

  /** Makes the changes of each lane one after the other, the lanes at once. */
  const inLanes = async (
    first: number,
    change: (id: string, turn: number) => Promise<ReadonlyArray<Told>>
  ): Promise<ReadonlyArray<Told>> => {
    const ids = (await idsOf()).slice(first, first + AT_ONCE)
    assert.lengthOf(ids, AT_ONCE)
    const lanes = await Promise.all(
      ids.map(async (id) => {
        const all: Array<Told> = []
        for (let turn = 0; turn < CHANGES / AT_ONCE; turn++) all.push(...(await change(id, turn)))
        return all
      })
    )
    return lanes.flat()
  }

  it("a change by us reaches the receiver, signed, with its place in the ledger", async () => {
    const all = await inLanes(0, async (id, turn) => [
      await told(async () => {
        const body =
          turn % 2 === 0
            ? { target: "paused", reason: "OTHER" }
            : { target: "active", override: [{ guard: "capacity", note: "drill" }] }
        const reply = await api("POST", `/v1/campaigns/${id}/transitions`, { body })
        assert.deepEqual([reply.status, reply.body.outcome], [200, "applied"], reply.text)
        return ({ event }) =>
          event.type === "campaign.state.changed" &&
          event.data.ledger.sequence === reply.body.auditSequence
      })
    ])
    for (const { message } of all)
      if (message.event.type === "campaign.state.changed")
        assert.deepEqual(
          [message.event.data.source, message.event.data.outcome],
          ["http", "applied"]
        )
    print("by us", all)
  })

  it("a change made elsewhere reaches the receiver as a drift and as a change", async () => {
    const all = await inLanes(AT_ONCE, async (id, turn) => [
      turn % 2 === 0 ? await elsewhere(id, "off", "paused") : await elsewhere(id, "on", "active")
    ])
    assert.lengthOf(all, CHANGES)
    const drifts = new Set(
      (await here.receiver.messages()).flatMap(({ event }) =>
        event.type === "campaign.drift.detected" ? [event.data.ledger.entryId] : []
      )
    )
    for (const { message } of all)
      if (message.event.type === "campaign.state.changed")
        assert.isTrue(drifts.has(message.event.data.ledger.entryId), message.id)
    print("elsewhere", all)
  })

  it("a forced stop reaches the receiver", async () => {
    const all = await inLanes(2 * AT_ONCE, async (id) => {
      const stopped = await elsewhere(id, "forced_off", "paused")
      await elsewhere(id, "on", "active")
      return [stopped]
    })
    assert.lengthOf(all, CHANGES)
    print("forced", all)
  })

  it("a forced stop whose calls still run reaches the receiver as a drain, and its end does", async () => {
    const [id = ""] = await idsOf()
    await here.control.changeCampaign(id, { status: "on" })
    const { message } = await told(async () => {
      await here.control.changeCampaign(id, { outstandingCalls: 2, callSeconds: 1 })
      await here.control.changeCampaign(id, { status: "forced_stopping" })
      return ({ event }) =>
        event.type === "campaign.state.changed" &&
        event.subject === id &&
        event.data.state === "draining"
    })
    const drained = await until(async () =>
      (await here.receiver.messages()).find(
        ({ event }) =>
          event.type === "campaign.drained" &&
          event.subject === id &&
          event.sequence > message.event.sequence
      )
    )
    assert.deepInclude(drained.event.data, { previousState: "draining", state: "paused" })
  })

  it("the service counts each message, and the campaigns whose changes it hears", async () => {
    const received = (await here.receiver.messages()).length
    const counted = await until(async () => {
      const { text } = await api("GET", "/metrics")
      const sent =
        /^campaignctl_webhook_attempt_duration_seconds_count\{result="delivered"\} (\d+)$/m
      return Number(sent.exec(text)?.[1]) >= received ? text : undefined
    })
    const { campaigns } = await here.control.state()
    assert.include(counted, `campaignctl_watch_campaigns{by="events"} ${campaigns.length}\n`)
    assert.include(counted, 'campaignctl_watch_campaigns{by="lists"} 0\n')
    assert.notInclude(counted, 'result="again"')
  })

  it("the ledger shows each delivery once, with its answer, and is intact", async () => {
    const received = new Set((await here.receiver.messages()).map(({ id }) => id))
    const deliveries = await until(async () => {
      const found = (await here.entries()).filter(({ kind }) => kind === "delivery")
      return found.length >= received.size ? found : undefined
    })
    assert.sameMembers(
      deliveries.map(({ delivery }) => delivery?.eventId),
      [...received]
    )
    // A path may be all the secret that there is.
    const shown = `${new URL(here.receiver.url).origin}/…`
    for (const { delivery, source, success } of deliveries) {
      assert.deepEqual([source, success, delivery?.status], ["webhooks", true, 204])
      assert.strictEqual(delivery?.receiver, shown)
    }
    const newest = await api("GET", "/v1/audit?kind=delivery&limit=1")
    assert.strictEqual(newest.body.entries[0]?.delivery.receiver, shown)
    assert.strictEqual((await here.verified())._tag, "Intact")
  })
})
