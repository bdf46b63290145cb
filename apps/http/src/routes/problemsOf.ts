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
  "NOT_AUTHENTICATED",
  "PERMISSION_MISSING",
  "GENESYS_REFUSED",
  "GENESYS_UNAVAILABLE"
]
const WITH_BODY = ["BODY_TOO_LARGE", "UNSUPPORTED_MEDIA_TYPE", "REQUEST_TIMEOUT"]

/** The codes of every problem that a route may answer, by status. */
export const problemsOf = (route: Route): ReadonlyMap<number, ReadonlyArray<string>> => {
  const codes = [
    ...ALWAYS,
    ...(route.scope === "public" ? [] : GUARDED),
    ...(route.path.startsWith("/v1/campaigns") ? GENESYS : []),
    ...(route.body === undefined ? [] : WITH_BODY),
    ...route.problems
  ]
  const byStatus = new Map<number, ReadonlyArray<string>>()
  for (const code of new Set(codes))
    for (const status of problemPages.get(code)?.statuses ?? [])
      byStatus.set(status, [...(byStatus.get(status) ?? []), code])
  return new Map([...byStatus].toSorted(([a], [b]) => a - b))
}
