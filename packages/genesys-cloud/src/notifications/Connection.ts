import { Clock, Deferred, Effect, type Scope } from "effect"
import type { Channel } from "./Channel.ts"
import { PING } from "./decodeFrame.ts"
import { DEAD_AFTER_MS, PING_AFTER_MS } from "./limits.ts"
import type { OpenSocket, Socket, SocketRefused } from "./Socket.ts"

/** A channel's WebSocket that is open and listened to, until its scope is closed. */
export interface Connection {
  readonly channel: Channel
  /** Epoch milliseconds. */
  readonly since: number
  /** Why it is not trusted any more, as a sentence. */
  readonly ended: Deferred.Deferred<string>
  /** The server is about to close it. */
  readonly warned: Deferred.Deferred<void>
}

/** What a frame means for its connection. */
export type Hear = (text: string) => Effect.Effect<"go on" | "closing">

/** Opens the channel's WebSocket, hands every frame on, and finds out when nothing comes any more. */
export const connect = Effect.fnUntraced(function* (
  open: OpenSocket,
  channel: Channel,
  hear: Hear
): Effect.fn.Return<Connection, SocketRefused, Scope.Scope> {
  const socket = yield* open(channel.address)
  const since = yield* Clock.currentTimeMillis
  const ended = Deferred.makeUnsafe<string>()
  const warned = Deferred.makeUnsafe<void>()
  const silence = { since }

  const reading = Effect.gen(function* () {
    for (;;) {
      const news = yield* socket.next
      if (news._tag === "Ended") return news.why
      silence.since = yield* Clock.currentTimeMillis
      if ((yield* hear(news.text)) === "closing") yield* Deferred.succeed(warned, undefined)
    }
  })
  yield* Effect.raceFirst(reading, heartless(socket, silence)).pipe(
    Effect.catchDefect(() =>
      Effect.succeed("The notification channel's frames could not be read.")
    ),
    Effect.flatMap((why) => Deferred.succeed(ended, why)),
    Effect.forkScoped({ startImmediately: true })
  )
  return { channel, since, ended, warned }
})

/** Pings a connection that is silent; ends when it stays so. */
const heartless = Effect.fnUntraced(function* (
  socket: Socket,
  silence: { readonly since: number }
): Effect.fn.Return<string> {
  let pinged = -1
  for (;;) {
    const now = yield* Clock.currentTimeMillis
    const { since } = silence
    if (now - since >= DEAD_AFTER_MS)
      return `Nothing came over the notification channel for ${DEAD_AFTER_MS / 1_000} s.`
    if (now - since >= PING_AFTER_MS && pinged !== since) {
      pinged = since
      yield* socket.send(PING)
    }
    const next = since + (pinged === since ? DEAD_AFTER_MS : PING_AFTER_MS)
    yield* Effect.sleep(Math.max(1, next - now))
  }
})
