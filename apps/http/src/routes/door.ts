import type { AuditUnavailable } from "@campaignctl/core"
import { Clock, Effect } from "effect"
import type { Caller } from "../callers/Caller.ts"
import { Callers } from "../callers/Callers.ts"
import { isLoopback } from "../config/loopback.ts"
import { HttpProblem } from "../problems/HttpProblem.ts"
import { retryAfterHeader } from "../problems/problemAnswer.ts"
import type { RateLimit } from "./RateLimit.ts"
import type { Route } from "./Route.ts"

/** Whoever calls a public route. */
export const nobody: Caller = { id: "nobody", requestedBy: "nobody", scopes: new Set() }

/** The scheme, the host and the port of a URL, up to its path. */
const ORIGIN = /^[a-z]+:\/\/[^/?#\\]*/

/** Whether the URL is one of this machine. The origin that was asked for last is remembered. */
const isLocal = (() => {
  let last = { origin: "", local: false }
  return (url: string): boolean => {
    const origin = ORIGIN.exec(url)?.[0] ?? url
    if (origin !== last.origin) last = { origin, local: isLoopback(URL.parse(url)?.hostname ?? "") }
    return last.local
  }
})()

/**
 * Where everybody may call, everybody must be on this machine: a page elsewhere can have a browser
 * call us, under a name of its own that leads here.
 */
const checkHost = (request: Request, open: boolean): Effect.Effect<void, HttpProblem> =>
  open && (!isLocal(request.url) || request.headers.get("sec-fetch-site") === "cross-site")
    ? Effect.fail(new HttpProblem({ code: "HOST_NOT_ALLOWED" }))
    : Effect.void

/** Lets in who may come in: the right host, a known caller, within the limit, with the scope. */
export const admit = Effect.fnUntraced(function* (
  route: Route,
  request: Request,
  limit: RateLimit | undefined
): Effect.fn.Return<Caller, HttpProblem | AuditUnavailable, Callers> {
  const callers = yield* Callers
  yield* checkHost(request, callers.open)
  if (route.scope === "public") return nobody
  const caller = yield* callers.authenticate(request.headers.get("authorization") ?? undefined)
  const waitMs = limit?.take(caller.id, yield* Clock.currentTimeMillis)
  if (waitMs !== undefined)
    return yield* new HttpProblem({
      code: "TOO_MANY_REQUESTS",
      parts: { retryAfterMs: waitMs },
      headers: retryAfterHeader(waitMs)
    })
  if (!caller.scopes.has(route.scope))
    return yield* new HttpProblem({
      code: "SCOPE_MISSING",
      detail: `This needs the scope ${route.scope}.`,
      parts: { requiredScope: route.scope }
    })
  return caller
})
