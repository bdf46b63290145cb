import { auditRoutes } from "../audit/routes.ts"
import { listRoute } from "../campaigns/list.ts"
import { decisionRoute, getRoute } from "../campaigns/one.ts"
import { transitionRoute } from "../campaigns/transitions.ts"
import { docsRoutes } from "../docs/routes.ts"
import { clusterRoute } from "../cluster/routes.ts"
import { eventsRoute } from "../events/routes.ts"
import { applyRoute, planRoute } from "../fleet/file.ts"
import { submitRoute } from "../fleet/submit.ts"
import { guardRoute } from "../guard/routes.ts"
import { haltRoutes } from "../halt/routes.ts"
import { healthRoutes } from "../health/routes.ts"
import { followRoute } from "../operations/follow.ts"
import { itemsRoute } from "../operations/items.ts"
import * as operations from "../operations/list.ts"
import { steerRoutes } from "../operations/steer.ts"
import { scheduleRoutes } from "../schedules/routes.ts"
import { watchRoute } from "../watch/routes.ts"
import { webhookRoutes } from "../webhooks/routes.ts"
import type { Route } from "./Route.ts"

const work: ReadonlyArray<Route> = [
  listRoute,
  getRoute,
  transitionRoute,
  decisionRoute,
  ...auditRoutes,
  eventsRoute,
  operations.listRoute,
  operations.getRoute,
  itemsRoute,
  followRoute,
  ...steerRoutes,
  submitRoute,
  planRoute,
  applyRoute,
  ...haltRoutes,
  ...scheduleRoutes,
  guardRoute,
  watchRoute,
  ...webhookRoutes,
  clusterRoute,
  ...healthRoutes
]

/** Every route of the service. The order matters where a fixed path and a parameter meet. */
export const routes: ReadonlyArray<Route> = [...work, ...docsRoutes(work)]
