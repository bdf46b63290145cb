import type { Route } from "../Route.ts"
import { availableTopicRoutes } from "./availableTopics.ts"
import { callableTimeSetRoutes } from "./callableTimeSets.ts"
import { campaignListRoutes } from "./campaignList.ts"
import { campaignReportRoutes } from "./campaignReports.ts"
import { campaignRoutes } from "./campaigns.ts"
import { channelRoutes } from "./channels.ts"
import { divisionRoutes } from "./divisions.ts"
import { etagContractRoutes } from "./etagContract.ts"
import { eventRoutes } from "./events.ts"
import { observationRoutes } from "./observations.ts"
import { queueRoutes } from "./queues.ts"
import { etagTokenRoutes } from "./tokens.ts"

/** Every route of the API but the login host's. */
export const apiRoutes: ReadonlyArray<Route> = [
  ...etagTokenRoutes,
  ...campaignListRoutes,
  ...campaignReportRoutes,
  ...campaignRoutes,
  ...callableTimeSetRoutes,
  ...eventRoutes,
  ...observationRoutes,
  ...queueRoutes,
  ...divisionRoutes,
  ...availableTopicRoutes,
  ...channelRoutes,
  ...etagContractRoutes
]
