import { renderCallableTimeSet } from "../../world/CallableTimeSet.ts"
import { json, refuse } from "../ApiAnswer.ts"
import { page } from "../Page.ts"
import type { Route } from "../Route.ts"
import type { SimulatorState } from "../../SimulatorState.ts"
import { textFilter } from "../TextFilter.ts"

const VIEW = { anyOf: ["outbound:callableTimeSet:view"] }
const PATH = "/api/v2/outbound/callabletimesets"

const createdAt = (state: SimulatorState): string => new Date(state.world.createdAt).toISOString()

export const callableTimeSetRoutes: ReadonlyArray<Route> = [
  {
    method: "GET",
    path: PATH,
    access: VIEW,
    handle: (state, request) => {
      const named = textFilter(request.query.get("filterType"), request.query.get("name"))
      const sets = [...state.world.callableTimeSets.values()].filter((set) => named(set.name))
      return json(page(request, PATH, sets, (set) => renderCallableTimeSet(set, createdAt(state))))
    }
  },
  {
    method: "GET",
    path: `${PATH}/:id`,
    access: VIEW,
    handle: (state, request) => {
      const set = state.world.callableTimeSets.get(request.params["id"] ?? "")
      if (set === undefined) throw refuse("not.found")
      return json(renderCallableTimeSet(set, createdAt(state)))
    }
  }
]
