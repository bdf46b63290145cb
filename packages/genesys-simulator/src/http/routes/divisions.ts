import { referenceId } from "../../Json.ts"
import type { JsonObject } from "../../Json.ts"
import type { Division } from "../../world/Division.ts"
import { json, noContent, refuse } from "../ApiAnswer.ts"
import { page } from "../Page.ts"
import { originOf, readJson } from "../Route.ts"
import type { Route } from "../Route.ts"

const MOVE = { anyOf: ["authorization:division:edit"] }
const PERMITTED = "/api/v2/authorization/divisionspermitted/me"

const render = (division: Division): JsonObject => ({
  id: division.id,
  name: division.name,
  description: "",
  homeDivision: division.home,
  selfUri: `/api/v2/authorization/divisions/${division.id}`
})

/** In which divisions the client holds a permission; how a client learns what it may do. */
const permittedToMe: Route = {
  method: "GET",
  path: PERMITTED,
  access: "token",
  handle: (state, request) => {
    const permission = request.query.get("permission")
    if (permission === null || permission === "")
      throw refuse("bad.request", "permission is required.")
    const divisions = state.permissions.permittedDivisions(
      permission,
      state.world.divisions.values()
    )
    const all = state.permissions.has(permission) && state.permissions.divisions === undefined
    return json({ ...page(request, PERMITTED, divisions, render), allDivsPermitted: all })
  }
}

/** Moves campaigns to a division: all of them, or none when one is unknown. */
const moveObjects: Route = {
  method: "POST",
  path: "/api/v2/authorization/divisions/:divisionId/objects/:objectType",
  access: MOVE,
  handle: (state, request) => {
    const { world, permissions } = state
    const division = world.divisions.get(request.params["divisionId"] ?? "")
    if (division === undefined) throw refuse("not.found")
    if (request.params["objectType"] !== "CAMPAIGN")
      throw refuse("bad.request", "Only objects of the type CAMPAIGN are simulated.")
    const ids = readJson(request)
    if (!Array.isArray(ids))
      throw refuse("bad.request", "The request body must be a list of object ids.")
    const campaigns = ids.map((id) => {
      const campaign = world.campaigns.get(String(id))
      if (campaign === undefined) throw refuse("not.found")
      return campaign
    })
    for (const campaign of campaigns)
      permissions.requireDivision(MOVE, referenceId(campaign.document, "division"))
    permissions.requireDivision(MOVE, division.id)
    const { id, name } = division
    const reference = { id, name, selfUri: `/api/v2/authorization/divisions/${id}` }
    for (const campaign of campaigns) {
      world.change(
        campaign,
        {
          document: { ...campaign.document, division: reference },
          bumpVersion: world.facts.divisionMoveBumpsVersion
        },
        originOf(request, "platform", "division")
      )
    }
    return noContent
  }
}

export const divisionRoutes: ReadonlyArray<Route> = [permittedToMe, moveObjects]
