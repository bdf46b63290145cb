import { ManagedRuntime, Stream } from "effect"
import { AuditLog, openIntents } from "@campaignctl/core"
import { assert, describe, it } from "vitest"
import { databaseLayer } from "../src/index.ts"
import { clientOf } from "./support/checked.ts"
import { Bench } from "./support/service.ts"

const CAMPAIGNS = 40
const WORKERS = 8
const PAUSE = { target: "paused", reason: "OTHER" }
/** Milliseconds that Genesys takes for each answer, so that there is always something under way. */
const GENESYS_MS = 15

interface Load {
  /** Requests that were answered, with their bodies. */
  readonly answered: ReadonlyArray<{
    readonly status: number
    readonly id: string
    readonly sequence: number | null
  }>
  /** Requests whose connection was refused or cut. */
  readonly lost: ReadonlyArray<string>
}

/** Pauses and activates campaigns from many sides at once, until the service no longer answers. */
const load = async (url: string, ids: ReadonlyArray<string>): Promise<Load> => {
  const answered: Array<Load["answered"][number]> = []
  const lost: Array<string> = []
  const worker = async (mine: ReadonlyArray<string>): Promise<void> => {
    for (let turn = 0; ; turn++)
      for (const id of mine) {
        const body =
          turn % 2 === 0
            ? PAUSE
            : { target: "active", override: [{ guard: "capacity", note: "load" }] }
        try {
          const reply = await fetch(`${url}/v1/campaigns/${id}/transitions`, {
            method: "POST",
            headers: { "content-type": "application/json" },
            body: JSON.stringify(body)
          })
          const told = JSON.parse(await reply.text())
          answered.push({ status: reply.status, id, sequence: told.auditSequence ?? null })
        } catch {
          // Refused or cut: the service is gone, or going.
          lost.push(id)
          return
        }
      }
  }
  await Promise.all(
    Array.from({ length: WORKERS }, (_, n) =>
      worker(ids.filter((_id, index) => index % WORKERS === n))
    )
  )
  return { answered, lost }
}

const makeCampaigns = async (bench: Bench): Promise<ReadonlyArray<string>> => {
  const ids: Array<string> = []
  for (let n = 0; n < CAMPAIGNS; n++)
    ids.push((await bench.simulator.control.addCampaign({ name: `Load ${n}`, status: "on" })).id)
  await bench.simulator.control.fault({
    kind: "latency",
    milliseconds: GENESYS_MS,
    count: "always"
  })
  return ids
}

/** Waits until so many changes have reached Genesys. */
const untilWritten = async (bench: Bench, count: number): Promise<void> => {
  while ((await bench.simulator.control.writes({ by: "api" })).length < count)
    await new Promise((resolve) => setTimeout(resolve, 10))
}

/** The ledger as it lies on the disk, looked at without the service. */
const ledgerOf = async (bench: Bench) => {
  const runtime = ManagedRuntime.make(databaseLayer(bench.ledger))
  const ledger = await runtime.runPromise(AuditLog)
  const entries = await runtime.runPromise(Stream.runCollect(ledger.query({})))
  const verified = await runtime.runPromise(ledger.verify)
  await runtime.dispose()
  return { entries, verified }
}

describe("the end of the service", () => {
  it("SIGTERM under load: whatever was accepted is answered and recorded; exit 0", async () => {
    await using bench = await Bench.make()
    const ids = await makeCampaigns(bench)
    const service = await bench.start()
    const running = load(service.url, ids)
    await untilWritten(bench, CAMPAIGNS)
    assert.strictEqual(await service.end("SIGTERM"), 0)
    const { answered, lost } = await running
    assert.isAbove(answered.length, CAMPAIGNS / 2)
    assert.isAtMost(lost.length, WORKERS)
    const { entries, verified } = await ledgerOf(bench)
    assert.strictEqual(verified._tag, "Intact")
    assert.deepStrictEqual(openIntents(entries), [])
    // Nothing was begun whose answer did not arrive.
    const outcomes = entries.filter(({ kind }) => kind === "outcome" || kind === "rejection")
    assert.deepStrictEqual(
      outcomes
        .map(({ sequence }) => sequence)
        .filter((sequence) => !answered.some((one) => one.sequence === sequence)),
      []
    )
  })

  it("SIGTERM with a deadline that passes: what still runs is interrupted, and the ledger knows", async () => {
    await using bench = await Bench.make()
    const campaign = bench.simulator.campaigns.find(({ status }) => status === "on")
    const service = await bench.start({ CAMPAIGNCTL_SHUTDOWN_SECONDS: "0" })
    await bench.simulator.control.fault({
      kind: "latency",
      method: "PUT",
      milliseconds: 10_000,
      when: "after"
    })
    const asked = fetch(`${service.url}/v1/campaigns/${campaign?.id}/transitions`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(PAUSE)
    }).then(
      ({ status }) => status,
      () => "cut"
    )
    await untilWritten(bench, 1)
    assert.strictEqual(await service.end("SIGTERM"), 0)
    assert.include([503, "cut"], await asked)
    const { entries } = await ledgerOf(bench)
    assert.deepStrictEqual(
      entries.map(({ errorCode, kind, outcome }) => [kind, outcome, errorCode]),
      [
        ["intent", null, null],
        ["outcome", "applied", "INTERRUPTED"]
      ]
    )
  })

  it("SIGTERM ends the event streams by itself, long before the deadline", async () => {
    await using bench = await Bench.make()
    const service = await bench.start({ CAMPAIGNCTL_SHUTDOWN_SECONDS: "3600" })
    const reply = await fetch(`${service.url}/v1/events`)
    const all = reply.text()
    assert.strictEqual(await service.end("SIGTERM"), 0)
    // Ended, not cut: the text is whole.
    assert.match(await all, /^retry: \d+\n\n$/)
  })

  it("a second signal ends it at once, and the next start settles", async () => {
    await using bench = await Bench.make()
    const campaign = bench.simulator.campaigns.find(({ status }) => status === "on")
    const service = await bench.start()
    await bench.simulator.control.fault({
      kind: "latency",
      method: "PUT",
      milliseconds: 10_000,
      when: "after"
    })
    const asked = fetch(`${service.url}/v1/campaigns/${campaign?.id}/transitions`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(PAUSE)
    }).catch(() => "cut")
    await untilWritten(bench, 1)
    service.process.kill("SIGTERM")
    while ((await fetch(`${service.url}/readyz`).catch(() => undefined)) !== undefined)
      await new Promise((resolve) => setTimeout(resolve, 10))
    assert.strictEqual(await service.end("SIGTERM"), 143)
    assert.strictEqual(await asked, "cut")
    const again = await bench.start()
    assert.match(again.said, /Settled 1 change/)
    const api = await clientOf(again.url)
    const [entry] = (await api("GET", "/v1/audit?limit=1")).body.entries
    assert.deepStrictEqual([entry.outcome, entry.success], ["recovered", true])
  })

  it("kill -9 under load: the ledger verifies and settles; no change without an intent", async () => {
    await using bench = await Bench.make()
    const ids = await makeCampaigns(bench)
    const service = await bench.start()
    const running = load(service.url, ids)
    await untilWritten(bench, CAMPAIGNS)
    await service.end("SIGKILL")
    const { answered } = await running
    await bench.simulator.control.clearFaults()
    const again = await bench.start()
    await again.end()
    const { entries, verified } = await ledgerOf(bench)
    assert.strictEqual(verified._tag, "Intact")
    assert.deepStrictEqual(openIntents(entries), [])
    const writes = await bench.simulator.control.writes({ by: "api" })
    const count = (list: ReadonlyArray<{ readonly campaignId: string }>, id: string): number =>
      list.filter(({ campaignId }) => campaignId === id).length
    for (const id of ids) {
      const intents = entries.filter(
        ({ campaignId, kind }) => campaignId === id && kind === "intent"
      )
      assert.isAtMost(count(writes, id), intents.length, id)
    }
    // No answer that a client has seen is missing from the ledger.
    const known = new Set(entries.map(({ sequence }) => sequence))
    for (const { sequence } of answered) if (sequence !== null) assert.isTrue(known.has(sequence))
  })
})
