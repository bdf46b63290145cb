import { expect, it } from "vitest"
import { connect } from "./support/connect.ts"
import { withSimulator } from "./support/withSimulator.ts"

const PATH = "/analytics/queues/observations/query"

const query = (...ids: ReadonlyArray<string>) => ({
  filter: {
    type: "or",
    predicates: ids.map((value) => ({
      type: "dimension",
      dimension: "queueId",
      operator: "matches",
      value
    }))
  },
  metrics: ["oUserRoutingStatuses"]
})

it(
  "counts routing statuses, sends no row for zero, and no group for an unknown queue",
  withSimulator({}, async (simulator) => {
    const call = await connect(simulator)
    const queues = await simulator.control.queues()
    const find = (name: string): string => queues.find((queue) => queue.name === name)?.id ?? ""
    const { body } = await call("POST", PATH, {
      body: query(find("Surveys"), find("Night Shift"), "nope")
    })
    const row = (qualifier: string, count: number) => ({
      metric: "oUserRoutingStatuses",
      qualifier,
      stats: { count }
    })
    expect(body).toEqual({
      systemToOrganizationMappings: {},
      results: [
        { group: { queueId: find("Surveys") }, data: [row("IDLE", 3), row("OFF_QUEUE", 1)] },
        { group: { queueId: find("Night Shift") }, data: [row("OFF_QUEUE", 5)] }
      ]
    })
  })
)

it(
  "shows what the control interface sets, and keeps it while calls run",
  withSimulator({}, async (simulator) => {
    const call = await connect(simulator)
    const renewals = (await simulator.control.queues())[0]?.id ?? ""
    const idle = async (): Promise<number> => {
      const { body } = await call("POST", PATH, { body: query(renewals) })
      return (
        body.results[0].data.find((row: { readonly qualifier: string }) => row.qualifier === "IDLE")
          ?.stats.count ?? 0
      )
    }
    const seen = []
    for (const count of [0, 1, 7]) {
      await simulator.control.agents(renewals, count)
      seen.push(await idle())
      await simulator.control.advance(30)
      seen.push(await idle())
    }
    expect(seen).toEqual([0, 0, 1, 1, 7, 7])
  })
)

it.each([
  ["no filter", { metrics: ["oInteracting"] }],
  ["no metrics", { filter: query("a").filter }],
  ["an unknown metric", { ...query("a"), metrics: ["oHappiness"] }],
  [
    "an unknown dimension",
    { ...query("a"), filter: { type: "or", predicates: [{ dimension: "userId", value: "a" }] } }
  ]
])("refuses a query with %s", (_, body) =>
  withSimulator({}, async (simulator) => {
    const answer = await (await connect(simulator))("POST", PATH, { body })
    expect([answer.status, answer.body.code]).toEqual([400, "bad.request"])
  })()
)

it(
  "lists queues in pages",
  withSimulator({}, async (simulator) => {
    const call = await connect(simulator)
    const { body } = await call("GET", "/routing/queues?pageSize=2")
    expect(body).toMatchObject({ total: 6, pageCount: 3 })
    expect(body.entities[0]).toMatchObject({ name: "Collections", memberCount: expect.any(Number) })
    expect((await call("GET", "/routing/queues?name=night*")).body.total).toBe(1)
  })
)
