import { HttpProblem } from "../problems/HttpProblem.ts"
import { retryAfterHeader } from "../problems/problemAnswer.ts"
import { requestIdOf } from "../routes/requestId.ts"
import { routes } from "../routes/routes.ts"
import { answerUnseen } from "./brokenRequest.ts"
import { RefusalLimit } from "./RefusalLimit.ts"

/** What of a connection is looked at. */
interface Connected {
  readonly url?: string | undefined
  readonly socket: { readonly remoteAddress?: string | undefined }
}

type Fetch<I> = (request: Request, incoming: I) => Response | Promise<Response>

const UNAUTHENTICATED = 401

/** How the paths begin that ask who calls. The others answer everybody, however many were refused. */
const GUARDED: ReadonlySet<string | undefined> = new Set(
  routes.flatMap(({ path, scope }) => (scope === "public" ? [] : [path.split("/")[1]]))
)

const isGuarded = ({ url = "" }: Connected): boolean => GUARDED.has(url.split(/[/?#]/)[1])

const tooMany = (request: Request, retryAfterMs: number): Response => {
  const requestId = requestIdOf(request.headers.get("x-request-id") ?? undefined)
  const problem = new HttpProblem({
    code: "TOO_MANY_REQUESTS",
    detail: "Too many requests from this address had no credential that is accepted.",
    parts: { retryAfterMs },
    headers: retryAfterHeader(retryAfterMs)
  })
  const { body, headers, status } = answerUnseen(problem, requestId)
  return new Response(body, { status, headers })
}

/** Answers requests, and refuses those of an address that was refused too often without looking at them. */
export const guardedFetch = <I extends Connected>(fetch: Fetch<I>, refusalsPerMinute: number) => {
  const limit = new RefusalLimit(refusalsPerMinute)
  return (request: Request, incoming: I): Response | Promise<Response> => {
    const address = incoming.socket.remoteAddress ?? ""
    const authorization = request.headers.get("authorization")
    const wait = limit.look(address, authorization, performance.now())
    if (wait !== undefined && isGuarded(incoming)) return tooMany(request, wait)
    const seen = (response: Response): Response => {
      if (response.status === UNAUTHENTICATED)
        limit.refused(address, authorization, performance.now())
      else if (authorization !== null && response.ok && isGuarded(incoming))
        limit.accepted(authorization)
      return response
    }
    const answer = fetch(request, incoming)
    return answer instanceof Promise ? answer.then(seen) : seen(answer)
  }
}
