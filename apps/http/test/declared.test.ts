import { afterAll, assert, beforeAll, describe, it } from "vitest"
import { Divided, pause, withoutNames } from "./support/divided.ts"

const UNDER_CARE = ["Under care", "Zebra under care"] as const

/** Every way of asking about one schedule. */
const OF_ONE_SCHEDULE = [
  ["GET", ""],
  ["GET", "/next"],
  ["GET", "/firings"],
  ["DELETE", ""]
] as const

describe("what is declared over HTTP: files, schedules, and what the guard cares for", () => {
  let here: Divided
  let operator: string

  const names = (list: ReadonlyArray<{ readonly schedule: { readonly name: string } }>) =>
    list.map(({ schedule }) => schedule.name).toSorted((a, b) => (a < b ? -1 : 1))

  beforeAll(async () => {
    here = await Divided.make(
      {
        CAMPAIGNCTL_GUARD_CARE: "all",
        CAMPAIGNCTL_HOLIDAY_LISTS: '{"germany":["2026-12-25"]}'
      },
      UNDER_CARE
    )
    const scopes = ["campaigns:read", "campaigns:operate"] as const
    operator = (await here.bench.key({ name: "op", scopes })).text
  })
  afterAll(() => here[Symbol.asyncDispose]())

  const draft = (name: string, more: object = {}) => ({
    name,
    selector: { namePattern: "Nightly *" },
    change: { target: "paused", pauseReason: "OTHER" },
    when: { cron: "0 20 * * 1-5", zone: "Europe/Berlin" },
    ...more
  })

  it("a schedule is added, shown, told ahead, and removed", async () => {
    const added = await here.api("POST", "/v1/schedules", { body: draft("evening / stop") })
    assert.strictEqual(added.status, 201, added.text)
    assert.deepStrictEqual([added.body.managedBy, added.body.warnings], [null, []])
    const location = added.headers.get("location") ?? ""
    const shown = await here.api("GET", location)
    assert.deepStrictEqual([shown.status, shown.body.schedule], [200, added.body.schedule])
    const path = `/v1/schedules/${encodeURIComponent("evening / stop")}`
    assert.strictEqual((await here.api("GET", path)).text, shown.text)
    const { body } = await here.api("GET", `${path}/next?limit=3`)
    assert.lengthOf(body.next, 3)
    assert.strictEqual(body.next[0], shown.body.nextAt)
    assert.deepStrictEqual((await here.api("GET", `${path}/firings`)).body.firings, [])
    const again = await here.api("POST", "/v1/schedules", { body: draft("evening / stop") })
    assert.deepStrictEqual([again.status, again.body.problems[0].key], [400, "name"])
    assert.strictEqual((await here.api("DELETE", path)).status, 200)
    for (const [method, suffix] of OF_ONE_SCHEDULE) {
      const gone = await here.api(method, `${path}${suffix}`)
      assert.deepStrictEqual([gone.status, gone.body.code], [404, "SCHEDULE_NOT_FOUND"])
    }
  })

  it("a schedule keeps the holidays of a list that is configured, and knows no other", async () => {
    const on = (list: string) =>
      draft("on workdays", {
        change: { target: "active" },
        when: { cron: "0 9 25 12 *", zone: "Europe/Berlin", holidays: [list] }
      })
    const refused = await here.api("POST", "/v1/schedules", { body: on("france") })
    assert.deepStrictEqual(
      [refused.status, refused.body.problems[0].key],
      [400, "when.holidays[0]"]
    )
    const added = await here.api("POST", "/v1/schedules", { body: on("germany") })
    assert.deepStrictEqual([added.status, added.body.problem], [201, null])
    const { body } = await here.api("GET", "/v1/schedules/on%20workdays/next?limit=1")
    assert.notInclude(body.next[0], "2026-")
    const file = { version: 1, name: "workdays", schedules: [{ ...on("germany"), name: "filed" }] }
    const planned = await here.api("POST", "/v1/fleet/plan", { body: { file } })
    assert.strictEqual(planned.status, 200, planned.text)
    await here.api("DELETE", "/v1/schedules/on%20workdays")
  })

  it("a schedule fires, and leads to the operation that it has submitted", async () => {
    await here.campaign("Timed one")
    const at = new Date(Date.now() + 1_500).toISOString()
    const { body } = await here.api("POST", "/v1/schedules", {
      body: draft("once", { selector: { namePattern: "Timed *" }, when: { at: [at] } })
    })
    const { id } = body.schedule
    const firings = async () => (await here.api("GET", `/v1/schedules/${id}/firings`)).body.firings
    while ((await firings()).length === 0) await pause(50)
    const [firing] = await firings()
    assert.deepStrictEqual([firing.dueAt, firing.result], [at, "fired"])
    const { operations } = (await here.api("GET", `/v1/operations?schedule=${id}`)).body
    assert.deepStrictEqual(
      operations.map((one: { id: string; scheduleId: string }) => [one.id, one.scheduleId]),
      [[firing.operationId, id]]
    )
    await here.over(firing.operationId)
    const shown = (await here.api("GET", `/v1/schedules/${id}`)).body
    assert.deepStrictEqual([shown.nextAt, shown.lastFiring], [null, firing])
    assert.strictEqual((await here.api("DELETE", `/v1/schedules/${id}`)).status, 200)
  })

  it("what is wrong with a schedule is told, without what was found", async () => {
    const wrong = [
      draft("a", { when: { cron: "0 25 * * *", zone: "Europe/Berlin" } }),
      draft("b", { when: { cron: "0 20 * * *", zone: "Mars/Phobos" } }),
      draft("c", { change: { target: "paused" } }),
      draft("d", { surprise: 1 })
    ]
    for (const body of wrong) {
      const reply = await here.api("POST", "/v1/schedules", { body })
      assert.deepStrictEqual([reply.status, reply.body.code], [400, "REQUEST_INVALID"])
      assert.notInclude(reply.text, "Mars")
    }
    const overriding = draft("e", {
      change: { target: "active", overrides: [{ guard: "capacity", note: "drill" }] }
    })
    const refused = await here.api("POST", "/v1/schedules", { body: overriding, key: operator })
    assert.deepStrictEqual(
      [refused.status, refused.body.requiredScope],
      [403, "campaigns:override"]
    )
    assert.deepStrictEqual((await here.api("GET", "/v1/schedules")).body.schedules, [])
  })

  it("a bound caller has schedules of their own alone", async () => {
    await here.api("POST", "/v1/schedules", { body: draft("everybody's") })
    const own = await here.api("POST", "/v1/schedules", { body: draft("own"), key: here.bound })
    assert.strictEqual(own.status, 201, own.text)
    const seen = await here.api("GET", "/v1/schedules", { key: here.bound })
    assert.deepStrictEqual(names(seen.body.schedules), ["own"])
    assert.deepStrictEqual(names((await here.api("GET", "/v1/schedules")).body.schedules), [
      "everybody's",
      "own"
    ])
    for (const [method, suffix] of OF_ONE_SCHEDULE) {
      const [theirs, none] = await Promise.all(
        ["everybody's", "nobody's"].map(async (name) => {
          const reply = await here.api(method, `/v1/schedules/${name}${suffix}`, {
            key: here.bound
          })
          return [reply.status, withoutNames(reply, name)]
        })
      )
      assert.deepStrictEqual(theirs, none)
      assert.strictEqual(theirs?.[0], 404)
    }
    for (const name of ["everybody's", "own"])
      assert.strictEqual((await here.api("DELETE", `/v1/schedules/${name}`)).status, 200)
    // Nor does the ledger tell them of others.
    const told = async (key?: string) =>
      (
        await here.api(
          "GET",
          "/v1/audit?kind=rules-changed&limit=500",
          key === undefined ? {} : { key }
        )
      ).body.entries.flatMap(
        ({
          campaignName,
          rules,
          source
        }: {
          campaignName: string
          rules: { what: string }
          source: string
        }) =>
          ["everybody's", "own"].includes(campaignName) ? [[rules.what, campaignName, source]] : []
      )
    const mine = ["schedule-removed", "schedule-added"].map((what) => [what, "own", "http"])
    assert.sameDeepMembers(await told(here.bound), mine)
    assert.lengthOf(await told(), 4)
  })

  it("a file is planned, applied as it was planned, and then wants nothing more", async () => {
    const id = await here.campaign("Declared one")
    const file = {
      version: 1,
      name: "night",
      campaigns: [
        {
          select: { namePattern: "Declared *" },
          state: "paused",
          pauseReason: "OTHER",
          window: "00:00-00:01",
          minimumAgents: 3
        }
      ],
      schedules: [draft("declared")]
    }
    const plan = async (key?: string) =>
      here.api("POST", "/v1/fleet/plan", { body: { file }, ...(key === undefined ? {} : { key }) })
    const first = await plan()
    assert.strictEqual(first.status, 200, first.text)
    assert.isTrue(first.body.differs)
    assert.deepStrictEqual(
      [first.body.states.length, first.body.policies.length, first.body.schedules],
      [1, 1, [{ name: "declared", change: "add" }]]
    )
    const apply = (digest: string) =>
      here.api("POST", "/v1/fleet/apply", { body: { file, digest } })
    const stale = await apply("0".repeat(64))
    assert.deepStrictEqual([stale.status, stale.body.code], [409, "PLAN_STALE"])
    assert.strictEqual(stale.body.plan.digest, first.body.digest)
    const applied = await apply(first.body.digest)
    assert.strictEqual(applied.status, 202, applied.text)
    await here.over(applied.body.operations[0].id)
    const { campaigns } = (await here.api("GET", "/v1/campaigns?name=Declared")).body
    assert.include(["paused", "draining"], campaigns[0].state)
    await here.bench.simulator.control.changeCampaign(id, { status: "off" })
    assert.isFalse((await plan()).body.differs)
    // Its window and its minimum hold for every start from now on.
    const decision = await here.api("GET", `/v1/campaigns/${id}/decision?target=active`)
    const failed = decision.body.verdicts
      .filter(({ status }: { status: string }) => status === "failed")
      .map(({ guard }: { guard: string }) => guard)
    assert.include(failed, "callingWindow")
    const kept = await here.api("DELETE", "/v1/schedules/declared")
    assert.deepStrictEqual([kept.status, kept.body.managedBy], [200, "night"])
  })

  it("what is wrong with a file is told with its place; what another keeps is refused", async () => {
    const plan = (file: object) => here.api("POST", "/v1/fleet/plan", { body: { file } })
    const malformed = await plan({ version: 2, name: "x", campaigns: [{}] })
    assert.strictEqual(malformed.status, 400)
    for (const { key } of malformed.body.problems) assert.match(key, /^file\./)
    await here.api("POST", "/v1/schedules", { body: draft("by hand") })
    const file = { version: 1, name: "other", schedules: [draft("by hand")] }
    const { body } = await plan(file)
    assert.lengthOf(body.refusals, 1)
    const refused = await here.api("POST", "/v1/fleet/apply", {
      body: { file, digest: body.digest }
    })
    assert.deepStrictEqual([refused.status, refused.body.code], [422, "PLAN_REFUSED"])
    assert.deepStrictEqual(refused.body.refusals, body.refusals)
    const overriding = {
      version: 1,
      name: "sly",
      schedules: [
        draft("sly", {
          change: { target: "active", overrides: [{ guard: "capacity", note: "drill" }] }
        })
      ]
    }
    const sly = await here.api("POST", "/v1/fleet/apply", {
      key: operator,
      body: { file: overriding, digest: "0".repeat(64) }
    })
    assert.deepStrictEqual([sly.status, sly.body.requiredScope], [403, "campaigns:override"])
  })

  it("windows and minimums are changed by whoever may override guards, and by nobody else", async () => {
    const id = await here.campaign("Loosened one")
    const ask = (path: string, body: object) =>
      here.api("POST", `/v1/fleet/${path}`, { body, key: operator })
    const file = {
      version: 1,
      name: "loose",
      campaigns: [
        {
          select: { ids: [id] },
          state: "paused",
          pauseReason: "OTHER",
          window: "00:00-24:00",
          minimumAgents: 0
        }
      ]
    }
    const { digest } = (await ask("plan", { file })).body
    const refused = await ask("apply", { file, digest })
    assert.deepStrictEqual(
      [refused.status, refused.body.requiredScope],
      [403, "campaigns:override"]
    )
    assert.strictEqual(await here.writes(id), 0)
    // With the window and the minimum in force, the state alone is left, which is theirs to change.
    const put = await here.api("POST", "/v1/fleet/apply", { body: { file, digest } })
    await here.over(put.body.operations[0].id)
    await here.bench.simulator.control.changeCampaign(id, { status: "on" })
    const again = (await ask("plan", { file })).body
    assert.deepStrictEqual([again.states.length, again.policies], [1, []])
    const applied = await ask("apply", { file, digest: again.digest })
    assert.strictEqual(applied.status, 202, applied.text)
    await here.over(applied.body.operations[0].id)
    // Nor may they take back what is in force.
    const none = { version: 1, name: "loose" }
    const back = (await ask("plan", { file: none })).body
    assert.lengthOf(back.policies, 1)
    assert.strictEqual((await ask("apply", { file: none, digest: back.digest })).status, 403)
    assert.strictEqual(
      (await here.api("POST", "/v1/fleet/apply", { body: { file: none, digest: back.digest } }))
        .status,
      202
    )
  })

  it("a bound caller's plan is of what is theirs, and is done as a whole or not at all", async () => {
    const [mine, theirs] = [
      await here.campaign("Bound mine"),
      await here.campaign("Bound theirs", here.away)
    ]
    const entry = { state: "paused", pauseReason: "OTHER", minimumAgents: 3 }
    const file = {
      version: 1,
      name: "bound",
      campaigns: [{ select: { namePattern: "Bound *" }, ...entry }]
    }
    const plan = async (body: object) =>
      (await here.api("POST", "/v1/fleet/plan", { body: { file: body }, key: here.bound })).body
    const planned = await plan(file)
    assert.deepStrictEqual(
      planned.states.map(({ campaignId }: { campaignId: string }) => campaignId),
      [mine]
    )
    // What others keep of campaigns elsewhere makes no plan stale that is not of them.
    const others = {
      version: 1,
      name: "others",
      campaigns: [{ select: { ids: [theirs] }, minimumAgents: 7 }]
    }
    const { digest } = (await here.api("POST", "/v1/fleet/plan", { body: { file: others } })).body
    await here.api("POST", "/v1/fleet/apply", { body: { file: others, digest } })
    assert.strictEqual((await plan(file)).digest, planned.digest)
    await here.api("POST", "/v1/schedules", { body: draft("taken elsewhere") })
    const colliding = { ...file, schedules: [draft("taken elsewhere")] }
    const { digest: wanted, refusals } = await plan(colliding)
    assert.deepStrictEqual(refusals, ["The name “taken elsewhere” is taken by another schedule."])
    const refused = await here.api("POST", "/v1/fleet/apply", {
      key: here.bound,
      body: { file: colliding, digest: wanted }
    })
    assert.deepStrictEqual([refused.status, refused.body.code], [422, "PLAN_REFUSED"])
    assert.deepStrictEqual([await here.writes(mine), await here.writes(theirs)], [0, 0])
    await here.api("DELETE", "/v1/schedules/taken elsewhere")
  })

  it("the guard tells what is under its care, to each what is theirs", async () => {
    while ((await here.api("GET", "/v1/guard")).body.lastLook === null) await pause(50)
    const { body } = await here.api("GET", "/v1/guard")
    assert.isTrue(body.supervises)
    const cared = body.campaigns.map(({ name }: { name: string }) => name)
    assert.includeMembers(cared, [...UNDER_CARE])
    const theirs = await here.api("GET", "/v1/guard", { key: here.bound })
    assert.include(theirs.text, "Under care")
    assert.notInclude(theirs.text, "Zebra")
    for (const { divisionId } of theirs.body.campaigns) assert.strictEqual(divisionId, here.home)
    assert.deepStrictEqual([theirs.body.lastLook, theirs.body.policy.care], [null, null])
  })
})
