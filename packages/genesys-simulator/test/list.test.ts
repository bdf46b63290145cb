import { expect, it } from "vitest"
import { connect, named } from "./support/connect.ts"
import { withSimulator } from "./support/withSimulator.ts"

const PATH = "/outbound/campaigns"

it(
  "walks a large organisation page by page, each campaign once",
  withSimulator({ campaigns: 230 }, async (simulator) => {
    const call = await connect(simulator)
    const first = await call("GET", PATH)
    expect(first.body).toMatchObject({ pageSize: 25, pageNumber: 1, total: 230, pageCount: 10 })
    const seen: Array<string> = []
    let next: string | undefined = `${PATH}?pageSize=100`
    while (next !== undefined) {
      const { body } = await call("GET", next)
      for (const entity of body.entities) seen.push(entity.id)
      next = body.nextUri?.replace("/api/v2", "")
    }
    expect(seen.toSorted()).toEqual(simulator.campaigns.map(({ id }) => id).toSorted())
  })
)

it.each([
  "pageSize=101",
  "pageSize=0",
  "pageNumber=0",
  "pageSize=x",
  "filterType=Sounds",
  "sortOrder=up",
  "filterType=RegEx&name=("
])("refuses %s", (query) =>
  withSimulator({}, async (simulator) => {
    const answer = await (await connect(simulator))("GET", `${PATH}?${query}`)
    expect([answer.status, answer.body.code]).toEqual([400, "invalid.query.param.value"])
  })()
)

it(
  "filters by name, id, queue and division, and sorts",
  withSimulator({}, async (simulator) => {
    const call = await connect(simulator)
    const names = async (query: string): Promise<ReadonlyArray<string>> => {
      const { body } = await call("GET", `${PATH}?${query}`)
      return body.entities.map((entity: { readonly name: string }) => entity.name.split(" ")[0])
    }
    const { queues, divisions } = await simulator.control.state()
    const field = queues.find(({ name }) => name === "Field Service")
    expect(await names("name=spr")).toEqual(["Spring"])
    expect(await names("name=survey&filterType=Contains")).toEqual(["After-Service"])
    expect(await names("name=survey&filterType=Equals")).toEqual([])
    expect(await names("name=^(Night|Field)&filterType=RegEx")).toEqual(["Field", "Night"])
    expect(await names(`id=${named(simulator, "Spring")}&id=${named(simulator, "Night")}`)).toEqual(
      ["Night", "Spring"]
    )
    expect(await names(`distributionQueueId=${field?.id}`)).toEqual(["Field", "Last"])
    expect(await names(`divisionId=${divisions[1]?.id}`)).toEqual([])
    expect(await names("sortOrder=descending&pageSize=2")).toEqual(["Winback", "Spring"])
    const many = Array.from({ length: 101 }, (_, index) => `id=${index}`).join("&")
    expect((await call("GET", `${PATH}?${many}`)).body.code).toBe("too.many.bulk.retrieves")
  })
)
