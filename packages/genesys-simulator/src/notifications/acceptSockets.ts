import { STATUS_CODES } from "node:http"
import type { IncomingMessage, Server } from "node:http"
import type { Duplex } from "node:stream"
import { WebSocketServer } from "ws"
import type { WebSocket } from "ws"
import type { SimulatorState } from "../SimulatorState.ts"

const CHANNEL_PATH = /^\/channels\/([^/?#]+)$/
/** Bytes of the longest message that a client has reason to send: a ping, with much room. */
const LARGEST_MESSAGE = 64 * 1024
const NOT_FOUND = 404
const CONFLICT = 409
const UNAVAILABLE = 503

const refuse = (socket: Duplex, status: number): void => {
  // Whoever is refused may be gone already; there is nothing to tell them then.
  socket.on("error", () => socket.destroy())
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ""}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`,
    () => socket.destroy()
  )
}

/** What is done with the socket that is asked for, or the HTTP status of the refusal. */
const admit = (
  { notifications, world }: SimulatorState,
  path: string
): ((socket: WebSocket) => void) | number => {
  if (notifications.sockets.ended) return UNAVAILABLE
  const [, id] = CHANNEL_PATH.exec(path) ?? []
  if (id === undefined) return NOT_FOUND
  const channel = notifications.channels.find(id)
  if (channel === undefined) {
    return world.facts.missingChannelSocket === "refused"
      ? NOT_FOUND
      : (socket) => notifications.sockets.openInVain(socket)
  }
  const fault = notifications.faults.take("upgrade", channel)
  if (fault?.kind === "refuseUpgrade") return fault.status ?? UNAVAILABLE
  return channel.connection !== undefined && world.facts.secondSocket === "refused"
    ? CONFLICT
    : (socket) => notifications.connect(channel, socket)
}

/** Serves the channels' WebSockets on the API's own port. */
export const acceptSockets = (state: SimulatorState, server: Server, apiUrl: string): void => {
  const upgrading = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    // A silenced socket answers no ping, so they are answered by hand.
    autoPong: false,
    maxPayload: LARGEST_MESSAGE
  })
  state.notifications.socketUrl = apiUrl.replace(/^http/, "ws")
  server.on("upgrade", (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    state.catchUp()
    const admitted = admit(state, request.url ?? "")
    if (typeof admitted === "number") refuse(socket, admitted)
    else upgrading.handleUpgrade(request, socket, head, admitted)
  })
}
