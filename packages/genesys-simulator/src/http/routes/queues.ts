import { members } from "../../world/Queue.ts"
import { json } from "../ApiAnswer.ts"
import { manyOf, page } from "../Page.ts"
import type { Route } from "../Route.ts"

const PATH = "/api/v2/routing/queues"

export const queueRoutes: ReadonlyArray<Route> = [
  {
    method: "GET",
    path: PATH,
    access: { anyOf: ["routing:queue:view"] },
    handle: (state, request) => {
      const name = (request.query.get("name") ?? "").toLowerCase()
      const ids = new Set(manyOf(request.query, "id"))
      const divisions = new Set(manyOf(request.query, "divisionId"))
      const queues = [...state.world.queues.values()]
        .filter((queue) => state.permissions.inDivision(queue.divisionId))
        .filter((queue) => queue.name.toLowerCase().startsWith(name.replace(/\*$/, "")))
        .filter((queue) => ids.size === 0 || ids.has(queue.id))
        .filter((queue) => divisions.size === 0 || divisions.has(queue.divisionId))
        .toSorted((left, right) => (left.name < right.name ? -1 : 1))
      return json(
        page(request, PATH, queues, (queue) => ({
          id: queue.id,
          name: queue.name,
          division: {
            id: queue.divisionId,
            name: state.world.divisions.get(queue.divisionId)?.name ?? ""
          },
          memberCount: members(queue),
          mediaSettings: {},
          selfUri: `${PATH}/${queue.id}`
        }))
      )
    }
  }
]
