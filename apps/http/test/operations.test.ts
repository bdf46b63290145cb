import { afterAll, assert, beforeAll, describe, it } from "vitest"
import { Divided, PAUSE } from "./support/divided.ts"

const NOBODY = "11111111-1111-7111-8111-111111111111"

describe("one change as an operation", () => {
  let here: Divided

  beforeAll(async () => {
    here = await Divided.make()
  })
  afterAll(() => here[Symbol.asyncDispose]())

  it("a change that nobody waits for is answered with an operation, and made", async () => {
    const id = await here.campaign("Async one")
    const asked = await here.api("POST", `/v1/campaigns/${id}/transitions`, {
      body: PAUSE,
      headers: { prefer: "wait=5, respond-async" }
    })
    assert.strictEqual(asked.status, 202, asked.text)
    assert.strictEqual(asked.headers.get("preference-applied"), "respond-async")
    assert.strictEqual(asked.headers.get("location"), `/v1/operations/${asked.body.id}`)
    assert.deepStrictEqual(
      [asked.body.kind, asked.body.asked],
      ["transition", { campaignId: id, change: PAUSE }]
    )
    const done = await here.over(asked.body.id)
    assert.deepStrictEqual([done.status, done.counts.applied], ["succeeded", 1])
    const { body } = await here.api("GET", `/v1/operations/${asked.body.id}/items`)
    assert.deepStrictEqual(
      body.items.map(({ campaignId, stateBefore, status }: Record<string, unknown>) => [
        campaignId,
        stateBefore,
        status
      ]),
      [[id, "active", "applied"]]
    )
    assert.strictEqual(await here.writes(id), 1)
    const entry = await here.api("GET", `/v1/audit/${body.items[0].auditSequence}`)
    assert.deepStrictEqual([entry.body.campaignId, entry.body.source], [id, "http"])
  })

  it("a drain is waited for, in full view; a dry run never is", async () => {
    const id = await here.campaign("Draining one")
    const path = `/v1/campaigns/${id}/transitions`
    const dry = await here.api("POST", path, {
      body: { ...PAUSE, drainDeadlineMs: 60_000, dryRun: true },
      headers: { prefer: "respond-async" }
    })
    assert.deepStrictEqual([dry.status, dry.body.outcome], [200, "would-apply"])
    const asked = await here.api("POST", path, { body: { ...PAUSE, drainDeadlineMs: 60_000 } })
    assert.strictEqual(asked.status, 202)
    assert.isNull(asked.headers.get("preference-applied"))
    const stream = await fetch(`${here.service.url}/v1/operations/${asked.body.id}/events`, {
      headers: { authorization: `Bearer ${here.right}` }
    })
    let text = ""
    for await (const chunk of stream.body ?? []) {
      text += new TextDecoder().decode(chunk)
      // The calls end once the wait for them is seen.
      if (text.includes('"draining":1'))
        await here.bench.simulator.control.changeCampaign(id, { status: "off" })
    }
    const events = [...text.matchAll(/^event: (\w+)\ndata: (.*)\n$/gm)].map(([, event, data]) => ({
      event,
      operation: JSON.parse(data ?? "")
    }))
    assert.deepStrictEqual(
      events.map(({ event }) => event),
      [...events.slice(1).map(() => "progress"), "over"]
    )
    assert.isAbove(events.length, 1)
    assert.strictEqual(events.at(-1)?.operation.status, "succeeded")
    const { body } = await here.api("GET", `/v1/operations/${asked.body.id}/items?status=applied`)
    assert.strictEqual(body.items[0].stateAfter, "paused")
  })

  it("If-Match is kept to by the operation; what can never match is refused at once", async () => {
    const id = await here.campaign("Conditional one")
    const ask = (ifMatch: string) =>
      here.api("POST", `/v1/campaigns/${id}/transitions`, {
        body: PAUSE,
        headers: { prefer: "respond-async", "if-match": ifMatch }
      })
    assert.strictEqual((await ask('W/"1"')).status, 412)
    assert.strictEqual((await ask("what")).status, 400)
    const stale = await here.over((await ask('"another"')).body.id)
    assert.deepStrictEqual([stale.status, stale.counts.failed], ["failed", 1])
    assert.strictEqual(await here.writes(id), 0)
  })

  it("a campaign that is not there, or not the caller's, fails the operation alike", async () => {
    const theirs = await here.campaign("Zebra async", here.away)
    const ends: Array<unknown> = []
    for (const id of [theirs, NOBODY]) {
      const { body } = await here.api("POST", `/v1/campaigns/${id}/transitions`, {
        body: PAUSE,
        key: here.bound,
        headers: { prefer: "respond-async" }
      })
      const { detail, status } = await here.over(body.id)
      ends.push([status, detail.replaceAll(id, "ID")])
    }
    assert.deepStrictEqual(ends[0], ends[1])
    assert.strictEqual(await here.writes(theirs), 0)
  })

  it("one name of a caller's may come with several changes, and each is made", async () => {
    const id = await here.campaign("Named one")
    const ask = (target: string) =>
      here.api("POST", `/v1/campaigns/${id}/transitions`, {
        body: { target, reason: "OTHER" },
        headers: { "x-request-id": "nightly" }
      })
    assert.strictEqual((await ask("paused")).body.outcome, "applied")
    const completed = await ask("completed")
    assert.deepStrictEqual(
      [completed.body.outcome, completed.body.target],
      ["applied", "completed"]
    )
  })

  it("one process carries operations on: a second is told so, and ends with 2", async () => {
    let said = ""
    await here.bench.start().catch((error: unknown) => {
      said = String(error)
    })
    assert.match(said, /ended with 2/)
    assert.match(said, /let several share the work on PostgreSQL/)
    const { body } = await here.api("GET", "/v1/cluster")
    assert.deepStrictEqual([body.mode, body.runners.length, body.shardsFree], ["single", 1, 0])
  })
})
