import { problemPages } from "../problems/statusOf.ts"
import type { Route } from "./Route.ts"

/** What any route may answer. */
const ALWAYS = ["UNEXPECTED", "HOST_NOT_ALLOWED", "REQUEST_INVALID"]
/** What any route may answer that asks who calls. */
const GUARDED = [
  "UNAUTHENTICATED",
  "SCOPE_MISSING",
  "TOO_MANY_REQUESTS",
  "AUDIT_UNAVAILABLE",
  "IDENTITY_UNAVAILABLE"
]
/** What any route may answer that speaks to Genesys. */
const GENESYS = [
  "RATE_LIMITED",
  "BUDGET_UNAVAILABLE",
  "NOT_AUTHENTICATED",
  "PERMISSION_MISSING",
  "GENESYS_REFUSED",
  "GENESYS_UNAVAILABLE"
]
/** What any route may answer that speaks to the engine. */
const ENGINE = ["OPERATIONS_NOT_CONFIGURED", "OPERATIONS_UNAVAILABLE"]
/** What any route may answer that keeps webhooks. */
const WEBHOOKS = ["WEBHOOKS_NOT_CONFIGURED", "WEBHOOKS_UNAVAILABLE"]
const WITH_BODY = ["BODY_TOO_LARGE", "UNSUPPORTED_MEDIA_TYPE", "REQUEST_TIMEOUT"]

const SPEAKS_TO_GENESYS = /^\/v1\/(?:campaigns|fleet)/
const SPEAKS_TO_ENGINE =
  /^\/v1\/(?:campaigns\/\{id\}\/transitions|operations|fleet|halt|schedules|guard|watch|cluster)/

/** The codes of every problem that a route may answer, by status. */
export const problemsOf = (route: Route): ReadonlyMap<number, ReadonlyArray<string>> => {
  const codes = [
    ...ALWAYS,
    ...(route.scope === "public" ? [] : GUARDED),
    ...(SPEAKS_TO_GENESYS.test(route.path) ? GENESYS : []),
    ...(SPEAKS_TO_ENGINE.test(route.path) ? ENGINE : []),
    ...(route.path.startsWith("/v1/webhooks") ? WEBHOOKS : []),
    ...(route.body === undefined ? [] : WITH_BODY),
    ...route.problems
  ]
  const byStatus = new Map<number, ReadonlyArray<string>>()
  for (const code of new Set(codes))
    for (const status of problemPages.get(code)?.statuses ?? [])
      byStatus.set(status, [...(byStatus.get(status) ?? []), code])
  return new Map([...byStatus].toSorted(([a], [b]) => a - b))
}
