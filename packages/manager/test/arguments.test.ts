import fc from "fast-check"
import { expect, it } from "vitest"
import { type CampaignStateManager, RequestInvalidError } from "../src/index.ts"
import { collect } from "./support/collect.ts"
import { memoryPorts } from "./support/memoryPorts.ts"
import { thrownBy } from "./support/thrownBy.ts"

/** What plain JavaScript may call: any method with anything. */
type Method<A> = (...args: ReadonlyArray<unknown>) => A
type Loose = Record<string, Method<Promise<unknown>>>

/** The methods as JavaScript sees them, without their types. */
const loose = (manager: CampaignStateManager): Loose => {
  const untyped = manager as unknown as Record<string, Method<Promise<unknown>>>
  const iterables = manager as unknown as Record<string, Method<AsyncIterable<unknown>>>
  const call =
    (name: string) =>
    async (...args: ReadonlyArray<unknown>) =>
      untyped[name]?.(...args)
  const iteration =
    (name: string) =>
    async (...args: ReadonlyArray<unknown>) =>
      collect(iterables[name]?.(...args) ?? [])
  const calls = [
    "initialize",
    "transitionState",
    "getCurrentState",
    "explain",
    "awaitDrain",
    "registerWebhook",
    "verifyAudit"
  ]
  return {
    ...Object.fromEntries(calls.map((name) => [name, call(name)])),
    listCampaigns: iteration("listCampaigns"),
    auditTrail: iteration("auditTrail")
  }
}

it("answers any misuse with RequestInvalid, and asks Genesys and the ledger for nothing", async () => {
  const ports = await memoryPorts()
  await using manager = ports.manager()
  const methods = loose(manager)
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom("transitionState", "getCurrentState", "explain", "awaitDrain"),
      fc.array(fc.anything({ withNullPrototype: true, withBigInt: true, withDate: true }), {
        maxLength: 4
      }),
      async (name, args) => {
        const error = await thrownBy(async () => methods[name]?.(...args))
        expect(error).toBeInstanceOf(RequestInvalidError)
      }
    )
  )
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...Object.keys(methods)),
      // An options object with a name that no method knows is refused wherever it stands.
      fc.dictionary(
        fc.string().map((name) => `x${name}`),
        fc.anything(),
        { minKeys: 1 }
      ),
      async (name, options) => {
        const values = Object.values(options)
        fc.pre(values.some((value) => value !== undefined))
        const error = await thrownBy(async () =>
          methods[name]?.(...Array.from({ length: 4 }, () => options))
        )
        expect(error).toBeInstanceOf(RequestInvalidError)
      }
    )
  )
  expect(await ports.requests()).toBe(0)
  expect(await ports.entries()).toEqual([])
})

it("lists every problem of a request at once", async () => {
  const ports = await memoryPorts()
  await using manager = ports.manager()
  const { transitionState } = loose(manager)
  const error = await thrownBy(async () =>
    transitionState?.("nonsense", "sleeping", 7, {
      note: "",
      drain: "no",
      overrides: [{ guard: "matrix", note: "x" }],
      requestedBy: "two\nlines",
      signal: "now",
      dryRun: true
    })
  )
  expect(error).toHaveProperty(
    "problems",
    expect.arrayContaining(
      [
        "campaignId",
        "target",
        "pauseReason",
        "note",
        "drain",
        "overrides",
        "requestedBy",
        "signal",
        "options.dryRun"
      ].map((key) => expect.objectContaining({ key }))
    )
  )
  expect(error).toHaveProperty("problems.length", 9)
})

it.each([
  ["listCampaigns", { ids: ["x"], namePrefix: 4, divisionIds: "home", queueId: "" }, 4],
  [
    "auditTrail",
    {
      campaignId: "x",
      since: "yesterday",
      until: 5,
      outcome: "fine",
      kind: "note",
      requestedBy: "",
      afterSequence: -1,
      newestFirst: "yes",
      limit: 1.5
    },
    9
  ]
] as const)("lists every problem of a filter of %s at once", async (name, filter, count) => {
  const ports = await memoryPorts()
  await using manager = ports.manager()
  const error = await thrownBy(async () => loose(manager)[name]?.(filter))
  expect(error).toBeInstanceOf(RequestInvalidError)
  expect(error).toHaveProperty("problems.length", count)
  expect(error).toHaveProperty(
    "problems",
    expect.arrayContaining(Object.keys(filter).map((key) => expect.objectContaining({ key })))
  )
})

it.each([
  ["ftp://wfm.example/hook"],
  ["wfm"],
  ["https://ada:secret@wfm.example/hook"],
  ["http://wfm.example/hook"],
  [7]
])("refuses %s as a webhook's address", async (url) => {
  const ports = await memoryPorts()
  await using manager = ports.manager()
  const error = await thrownBy(async () => loose(manager)["registerWebhook"]?.(url))
  expect(error).toMatchObject({ code: "REQUEST_INVALID", problems: [{ key: "url" }] })
  expect(JSON.stringify(error)).not.toContain("secret")
})

it("takes ids in capitals and between spaces, and instants in any zone", async () => {
  const ports = await memoryPorts()
  const id = await ports.addCampaign("Winter renewals")
  await using manager = ports.manager()
  const state = await manager.getCurrentState(` ${id.toUpperCase()} `)
  expect(state).toMatchObject({ id })
  expect(await collect(manager.listCampaigns({ ids: [id.toUpperCase()] }))).toHaveLength(1)
  await manager.transitionState(id, "paused", "OTHER")
  expect(await collect(manager.auditTrail({ since: "2001-01-01T01:00:00+01:00" }))).toHaveLength(2)
})
