import type { Route } from "../Route.ts";
import { campaignRoutes } from "./campaigns.ts";
import { etagTokenRoutes } from "./tokens.ts";

/** Every route of the API but the login host's. */
export const apiRoutes: ReadonlyArray<Route> = [...etagTokenRoutes, ...campaignRoutes];
