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

/** What of a request is looked at before it is let in. */
export interface AtDoor {
  readonly url: string
  readonly header: (name: string) => string | undefined
}

/** The scheme, the host and the port of a URL, up to its path. */
const ORIGIN = /^[a-z]+:\/\/[^/?#\\]*/

/** Whether the URL is one of this machine. The origin that was asked for last is remembered. */
const isLocal = (() => {
  let last = { origin: "", local: false }
  return (url: string): boolean => {
    if (last.local && url.startsWith(last.origin) && url[last.origin.length] === "/") return true
    const origin = ORIGIN.exec(url)?.[0] ?? url
    if (origin !== last.origin) last = { origin, local: isLoopback(URL.parse(url)?.hostname ?? "") }
    return last.local
  }
})()

/**
 * Where everybody may call, everybody must be on this machine: a page elsewhere can have a browser
 * call us, under a name of its own that leads here.
 */
const isMisled = ({ header, url }: AtDoor, open: boolean): boolean =>
  open && (!isLocal(url) || header("sec-fetch-site") === "cross-site")

/** Whether the caller has a request left, and the scope that the route needs. */
const within = (
  { scope }: Route,
  caller: Caller,
  waitMs: number | undefined
): Effect.Effect<Caller, HttpProblem> => {
  if (waitMs !== undefined)
    return Effect.fail(
      new HttpProblem({
        code: "TOO_MANY_REQUESTS",
        parts: { retryAfterMs: waitMs },
        headers: retryAfterHeader(waitMs)
      })
    )
  return scope === "public" || caller.scopes.has(scope)
    ? Effect.succeed(caller)
    : Effect.fail(
        new HttpProblem({
          code: "SCOPE_MISSING",
          detail: `This needs the scope ${scope}.`,
          parts: { requiredScope: scope }
        })
      )
}

/** Lets in who may come in: the right host, a known caller, within the limit, with the scope. */
export const admit = (
  route: Route,
  request: AtDoor,
  limit: RateLimit | undefined
): Effect.Effect<Caller, HttpProblem | AuditUnavailable, Callers> =>
  Effect.flatMap(Callers, ({ authenticate, open }) => {
    if (isMisled(request, open)) return Effect.fail(new HttpProblem({ code: "HOST_NOT_ALLOWED" }))
    if (route.scope === "public") return Effect.succeed(nobody)
    return Effect.flatMap(
      authenticate(request.header("authorization"), route.withoutDatabase),
      (caller) =>
        limit === undefined
          ? within(route, caller, undefined)
          : Effect.flatMap(Clock.currentTimeMillis, (now) =>
              within(route, caller, limit.take(caller.id, now))
            )
    )
  })
