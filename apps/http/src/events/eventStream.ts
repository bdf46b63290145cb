import { Effect, Stream } from "effect"
import { HttpProblem } from "../problems/HttpProblem.ts"
import type { Answer } from "../routes/Answer.ts"
import { elapsedMs } from "../routes/elapsedMs.ts"
import type { Incoming } from "../routes/Route.ts"
import { streamBody } from "../routes/streamBody.ts"
import { MOST_STREAMS, takeStream } from "./openStreams.ts"

/** Milliseconds between two looks: other processes write too, and do not tell. */
const POLL_MS = 500
/** Milliseconds of silence after which a comment is sent, well under the minute after which proxies cut a connection. */
const HEARTBEAT_MS = 15_000
/** Milliseconds after which a client that lost the connection should come back. */
const RETRY_MS = 2_000
/** Milliseconds after which a stream ends and the client comes back, so that a revoked key stops being believed. */
const LONGEST_STREAM_MS = 900_000

/** What one look has found. */
export interface Look<P> {
  /** The events; undefined where nothing is new. */
  readonly text: string | undefined
  /** Where the next look goes on. */
  readonly place: P
  /** Whether nothing more will come. */
  readonly isLast?: boolean
}

/** What is followed. */
export interface Followed<P, E, R> {
  /** Where the first look begins. */
  readonly first: P
  /** Looks once; called again at once after something new, and after a while otherwise. */
  readonly look: (place: P) => Effect.Effect<Look<P>, E, R>
  /** Events that are known before the first look. */
  readonly opening?: string
}

interface State<P> {
  readonly place: P
  readonly sentAt: number
  readonly isOver: boolean
}

/** Server-sent events of what is looked at, with a sign of life where nothing is new, until it or the service ends. */
export const eventTexts = <P, E, R>(
  { first, look, opening = "" }: Followed<P, E, R>,
  stopping: () => boolean
): Stream.Stream<string, E, R> =>
  Stream.unwrap(
    Effect.map(elapsedMs, (startedAt) => {
      const next = Effect.fnUntraced(function* ({
        isOver,
        sentAt,
        ...from
      }: State<P>): Effect.fn.Return<readonly [string, State<P>] | undefined, E, R> {
        let { place } = from
        while (!isOver) {
          const now = yield* elapsedMs
          if (stopping() || now - startedAt >= LONGEST_STREAM_MS) break
          const { isLast = false, text, ...found } = yield* look(place)
          place = found.place
          if (text !== undefined) return [text, { place, sentAt: now, isOver: isLast }]
          if (now - sentAt >= HEARTBEAT_MS)
            return [": still here\n\n", { place, sentAt: now, isOver }]
          yield* Effect.sleep(POLL_MS)
        }
        return undefined
      })
      const state: State<P> = { place: first, sentAt: startedAt, isOver: false }
      return Stream.concat(
        Stream.make(`retry: ${RETRY_MS}\n\n${opening}`),
        Stream.unfold(state, next)
      )
    })
  )

/** Answers with server-sent events; each takes one of the caller's streams for as long as it is read. */
export const eventStream = Effect.fnUntraced(function* <P, E, R>(
  followed: Followed<P, E, R>,
  { caller, deployment, method }: Incoming
): Effect.fn.Return<Answer, HttpProblem, R> {
  const answer = {
    status: 200,
    headers: { "content-type": "text/event-stream; charset=utf-8", "x-accel-buffering": "no" }
  }
  // Nobody would read the stream, nor end it.
  if (method === "HEAD") return { ...answer, body: null }
  const giveBack = takeStream(caller.id)
  if (giveBack === undefined)
    return yield* new HttpProblem({
      code: "TOO_MANY_REQUESTS",
      detail: `One caller may keep ${MOST_STREAMS} event streams open.`,
      headers: { "retry-after": "1" }
    })
  return {
    ...answer,
    body: yield* streamBody(eventTexts(followed, deployment.stopping), giveBack)
  }
})
