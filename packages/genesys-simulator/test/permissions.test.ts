import { expect, it } from "vitest"
import { campaignPath, connect, named } from "./support/connect.ts"
import { withSimulator } from "./support/withSimulator.ts"

it(
  "names the permission that is missing",
  withSimulator({}, async (simulator) => {
    const call = await connect(simulator)
    const path = campaignPath(named(simulator, "Spring"))
    await simulator.control.permissions({
      revoke: ["outbound:campaign:edit", "outbound:campaign:recycle"]
    })
    const { body } = await call("GET", path)
    const put = await call("PUT", path, { body })
    expect(put.body).toMatchObject({
      status: 403,
      code: "missing.permissions",
      message:
        "Unable to perform the requested action. You are missing the following permission(s): outbound:campaign:edit"
    })
    const recycle = await call("DELETE", `${path}/progress`)
    expect(recycle.body).toMatchObject({
      code: "missing.any.permissions",
      message:
        "Unable to perform the requested action. You must have at least one of the following permissions assigned: [outbound:campaign:edit, outbound:campaign:recycle]"
    })
    await simulator.control.permissions({ grant: ["outbound:campaign:edit"] })
    expect((await call("PUT", path, { body })).status).toBe(200)
    expect(await simulator.control.writes({ by: "api" })).toHaveLength(1)
  })
)

it(
  "moves campaigns to a division, and hides those of a division that is not permitted",
  withSimulator({}, async (simulator) => {
    const call = await connect(simulator)
    const id = named(simulator, "Spring")
    const { divisions } = await simulator.control.state()
    const archive = divisions.find(({ name }) => name === "Archive")?.id ?? ""
    const home = divisions.find(({ name }) => name === "Home")?.id ?? ""
    const objects = `/authorization/divisions/${archive}/objects/CAMPAIGN`
    expect((await call("POST", objects, { body: [id, "nope"] })).status).toBe(404)
    expect(await simulator.control.writes()).toEqual([])
    expect((await call("POST", objects, { body: [id] })).status).toBe(204)
    expect((await call("GET", campaignPath(id))).body.division).toMatchObject({ id: archive })
    expect((await simulator.control.writes())[0]?.changedFields).toEqual(["division"])

    await simulator.control.permissions({ divisions: [home] })
    const hidden = await call("GET", campaignPath(id))
    expect(hidden.body).toMatchObject({ status: 403, code: "missing.division.permission" })
    expect(hidden.body.message).toContain("outbound:campaign:view")
    const list = await call("GET", "/outbound/campaigns")
    expect(list.body.total).toBe(simulator.campaigns.length - 1)
  })
)

it(
  "says in which divisions a permission is held",
  withSimulator({}, async (simulator) => {
    const call = await connect(simulator)
    const path = "/authorization/divisionspermitted/me"
    const held = await call("GET", `${path}?permission=outbound:campaign:view`)
    expect([held.body.total, held.body.allDivsPermitted]).toEqual([3, true])
    await simulator.control.permissions({ set: [] })
    const none = await call("GET", `${path}?permission=outbound:campaign:view`)
    expect([none.body.total, none.body.allDivsPermitted]).toEqual([0, false])
    expect((await call("GET", path)).status).toBe(400)
  })
)
