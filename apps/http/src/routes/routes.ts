import { auditRoutes } from "../audit/routes.ts"
import { listRoute } from "../campaigns/list.ts"
import { decisionRoute, getRoute } from "../campaigns/one.ts"
import { transitionRoute } from "../campaigns/transitions.ts"
import { docsRoutes } from "../docs/routes.ts"
import { eventsRoute } from "../events/routes.ts"
import { healthRoutes } from "../health/routes.ts"
import type { Route } from "./Route.ts"

const work: ReadonlyArray<Route> = [
  listRoute,
  getRoute,
  transitionRoute,
  decisionRoute,
  ...auditRoutes,
  eventsRoute,
  ...healthRoutes
]

/** Every route of the service. The order matters where a fixed path and a parameter meet. */
export const routes: ReadonlyArray<Route> = [...work, ...docsRoutes(work)]
