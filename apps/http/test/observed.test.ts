import { onEveryFailure, type SpanPage, spans } from "@campaignctl/core"
import type { Simulator } from "@campaignctl/genesys-simulator"
import { otlpReceiver, type OtlpReceiver, type ReceivedSpan } from "@campaignctl/otlp-receiver"
import { freshDatabase } from "@campaignctl/postgres-server/fresh"
import { definitions } from "@campaignctl/telemetry"
import { Effect, ManagedRuntime } from "effect"
import { SqlClient } from "effect/sql"
import { afterAll, assert, beforeAll, describe, it } from "vitest"
import { allScopes, databaseLayer } from "../src/index.ts"
import { canaries, leaksAtRest, leaksIn } from "./support/canaries.ts"
import { type Client, clientOf } from "./support/checked.ts"
import { AUDIENCE, Issuer } from "./support/issuer.ts"
import { receiver, until } from "./support/listener.ts"
import { Bench, type Service } from "./support/service.ts"
import { untilShared } from "./support/shared.ts"

const PAUSE = { target: "paused", reason: "OTHER", note: "canary-note" }
/** Campaigns of a fleet that two services share. */
const FLEET = 8

/** Milliseconds for a halt's proof: what is looked at here is what is told of it, not that it comes. */
const PROOF_MS = 500
/** Milliseconds until a schedule is due. */
const DUE_IN_MS = 500

/** What Genesys does to changes: errors of every kind. */
const FAULTS = [
  { kind: "status", status: 500 },
  { kind: "status", code: "invalid.update" },
  { kind: "malformedJson" },
  { kind: "truncateBody" },
  { kind: "resetBefore" },
  { kind: "revokeToken" }
] as const

const pages: ReadonlyArray<SpanPage> = Object.values(spans)

/** The page that a span belongs to: by its name, or by the attributes that its name is made of. */
const pageOf = ({ attributes, name }: ReceivedSpan): SpanPage | undefined =>
  pages.find(
    (page) =>
      page.name.replaceAll(/\{([\w.]+)\}/g, (_, part: string) => String(attributes[part])) === name
  )

/** What of a span no page has: its name, an attribute, or an event. */
const undocumented = (span: ReceivedSpan): ReadonlyArray<string> => {
  const page = pageOf(span)
  if (page === undefined) return [span.name]
  const attributes = { ...page.attributes, ...onEveryFailure.attributes }
  const events = { ...page.events, ...onEveryFailure.events }
  return [
    ...Object.keys(span.attributes).filter((name) => !(name in attributes)),
    ...span.events.map(({ name }) => name).filter((name) => !(name in events))
  ].map((name) => `${span.name}: ${name}`)
}

/** Every row of every table, as text. */
const rowsOf = async (bench: Bench): Promise<string> => {
  const runtime = ManagedRuntime.make(databaseLayer(bench.ledger))
  const rows = await runtime.runPromise(
    Effect.gen(function* () {
      const sql = yield* SqlClient.SqlClient
      const tables = yield* sql<{ name: string }>`
        SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'public'`
      return yield* Effect.forEach(
        tables,
        ({ name }) => sql<{ row: string }>`SELECT t::text AS row FROM ${sql(name)} AS t`
      )
    })
  )
  await runtime.dispose()
  return rows
    .flat()
    .map(({ row }) => row)
    .join("\n")
}

describe("two services on one PostgreSQL database, with everything on that is told of them", () => {
  let collector: OtlpReceiver
  let bench: Bench
  let control: Simulator["control"]
  let issuer: Issuer
  let services: ReadonlyArray<Service>
  let one: Client
  let other: Client
  let key: string
  let hook: Awaited<ReturnType<typeof receiver>>
  /** What came out beside logs, spans and answers: messages with their headers, events, the database. */
  const told: Array<string> = []

  const campaign = async (name: string): Promise<string> =>
    (await control.addCampaign({ name, status: "on" })).id
  const over = async (id: string): Promise<void> => {
    await until(async () => (await other("GET", `/v1/operations/${id}`)).body.over)
  }

  beforeAll(async () => {
    collector = await otlpReceiver()
    hook = await receiver()
    issuer = await Issuer.start()
    bench = await Bench.make("platform", {}, await freshDatabase())
    control = bench.simulator.control
    key = (await bench.key({ name: "all", scopes: allScopes })).text
    const env = {
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
      OTEL_EXPORTER_OTLP_HEADERS: "authorization=Bearer%20canary-of-the-collector",
      OTEL_LOGS_EXPORTER: "none",
      CAMPAIGNCTL_OIDC_ISSUER: issuer.url,
      CAMPAIGNCTL_OIDC_AUDIENCE: AUDIENCE,
      CAMPAIGNCTL_WEBHOOK_ALLOW: "127.0.0.1"
    }
    canaries.add("canary-of-the-collector")
    services = await Promise.all([bench.start(env), bench.start(env)])
    const [first, second] = await Promise.all(services.map(({ url }) => clientOf(url, key)))
    assert(first !== undefined && second !== undefined)
    one = first
    other = second
    await untilShared(one)
  })
  afterAll(async () => {
    await bench[Symbol.asyncDispose]()
    await issuer[Symbol.asyncDispose]()
    hook[Symbol.dispose]()
    await collector[Symbol.asyncDispose]()
  })

  it("works, and fails in every way", async () => {
    const added = await one("POST", "/v1/webhooks", { body: { url: hook.url } })
    assert.strictEqual(added.status, 201, added.text)
    canaries.add(added.body.secret)
    const { id: subscription } = added.body.subscription
    const rotated = await other("POST", `/v1/webhooks/${subscription}/secret`, { body: {} })
    canaries.add(rotated.body.secret)
    assert.strictEqual((await one("POST", `/v1/webhooks/${subscription}/test`)).status, 200)

    const jwt = await issuer.token({ scope: "campaigns:read campaigns:operate" })
    for (const api of [one, other]) {
      const id = await campaign("Changed by a token")
      const change = { body: PAUSE, key: jwt }
      assert.strictEqual((await api("POST", `/v1/campaigns/${id}/transitions`, change)).status, 200)
      for (const key of [`${jwt}x`, "cck_0123456789abcdef_wrong", await issuer.token({ aud: "x" })])
        assert.strictEqual((await api("GET", "/v1/campaigns", { key })).status, 401)
    }

    for (const fault of FAULTS)
      for (const api of [one, other]) {
        const campaignId = await campaign(`Failing ${fault.kind}`)
        await control.fault({ ...fault, campaignId, count: "always" })
        const { status } = await api("POST", `/v1/campaigns/${campaignId}/transitions`, {
          body: PAUSE
        })
        await control.clearFaults()
        assert.isAtLeast(status, fault.kind === "revokeToken" ? 200 : 400, fault.kind)
      }

    for (let n = 0; n < FLEET; n++) await campaign(`Shared ${n}`)
    const fleet = { selector: { namePattern: "Shared *" }, ...PAUSE }
    const asked = await one("POST", "/v1/fleet", { body: fleet })
    await over(asked.body.id)
    await campaign("Halted")
    const halt = await other("POST", "/v1/halt", {
      body: {
        name: "drill",
        selector: { namePattern: "Halted" },
        reason: "OTHER",
        proofDeadlineMs: PROOF_MS
      }
    })
    await over(halt.body.id)
    const schedule = await one("POST", "/v1/schedules", {
      body: {
        name: "soon",
        selector: { namePattern: "Shared *" },
        change: { target: "completed" },
        when: { at: [new Date(Date.now() + DUE_IN_MS).toISOString()] }
      }
    })
    assert.strictEqual(schedule.status, 201, schedule.text)
    await until(
      async () =>
        (await other("GET", `/v1/schedules/${schedule.body.schedule.id}/firings`)).body.firings
          .length > 0
    )
    await until(() => hook.got.length > FLEET)
    // These answers, and those before them, are looked through as they come.
    for (const path of [
      "/metrics",
      "/v1/audit?limit=500",
      "/v1/audit/export?format=csv",
      "/v1/operations",
      `/v1/webhooks/${subscription}/deliveries`
    ])
      for (const api of [one, other]) assert.strictEqual((await api("GET", path)).status, 200)
    const events = await fetch(`${services[0]?.url}/v1/events`, {
      headers: { authorization: `Bearer ${key}`, "last-event-id": "0" }
    })
    const all = events.text()
    for (const service of services) assert.strictEqual(await service.end(), 0)
    told.push(await all)
    for (const { body, headers } of hook.got) told.push(body, JSON.stringify(headers))
  })

  it("makes one trace of each change, and no span, attribute or event that the table has not", () => {
    const all = collector.spans()
    assert.deepStrictEqual([...new Set(all.flatMap(undocumented))], [])
    const names = new Set(all.map(({ name }) => name))
    for (const { name } of [spans.operation, spans.halt, spans.transition, spans.append])
      assert.isTrue(names.has(name), name)
    // Also where the other service made the change, as the campaign's owner.
    const byTrace = Map.groupBy(all, ({ traceId }) => traceId)
    const changes = all.filter(({ name }) => name === "POST /v1/campaigns/{id}/transitions")
    assert.isAbove(changes.length, FAULTS.length)
    for (const { spanId, traceId } of changes) {
      const ofIt = byTrace.get(traceId) ?? []
      const ids = new Set(ofIt.map((span) => span.spanId))
      const tops = ofIt.filter(({ parentSpanId }) => !ids.has(parentSpanId))
      assert.deepStrictEqual(
        tops.map((span) => span.spanId),
        [spanId]
      )
      assert.isNotEmpty(ofIt.filter(({ name }) => name === spans.transition.name))
    }
    const metrics = new Set(Object.values(definitions).map(({ name }) => name))
    for (const { name } of collector.metrics())
      assert.isTrue((metrics as Set<string>).has(name), name)
  })

  it("tells no secret in spans, metrics, answers, the audit or messages, to whomever it was told", () => {
    const { clientId } = bench.simulator
    // What the services have printed is looked through where they end, whatever was tested.
    for (const canary of [PAUSE.note, "campaign.state.changed"]) assert.include(told.join(), canary)
    const texts = [collector.raw(), ...told]
    assert.deepStrictEqual(
      texts.flatMap((text) => leaksIn(text, clientId)),
      []
    )
    for (const hidden of ["canary-note", "key=hers"]) assert.notInclude(collector.raw(), hidden)
  })

  it("keeps no secret in the database but those of webhooks, with which it signs", async () => {
    const rows = await rowsOf(bench)
    assert.include(rows, PAUSE.note)
    assert.deepStrictEqual(leaksAtRest(rows, bench.simulator.clientId), [])
  })
})
