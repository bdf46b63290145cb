import { renderEvent } from "../../world/EventLog.ts"
import { json } from "../ApiAnswer.ts"
import { page } from "../Page.ts"
import type { Route } from "../Route.ts"

const PATH = "/api/v2/outbound/events"

/** The event log, newest first: where the platform says why a campaign stopped. */
export const eventRoutes: ReadonlyArray<Route> = [
  {
    method: "GET",
    path: PATH,
    access: { anyOf: ["outbound:eventLog:view"] },
    handle: (state, request) => {
      const level = request.query.get("level")
      const category = request.query.get("category")
      const events = state.world.events
        .newestFirst()
        .filter(
          (event) =>
            (level === null || event.level === level) &&
            (category === null || category === "CAMPAIGN")
        )
      return json(page(request, PATH, events, renderEvent))
    }
  }
]
