import { STATUS_CODES } from "node:http"
import type { IncomingMessage, Server } from "node:http"
import type { Duplex } from "node:stream"
import { WebSocketServer } from "ws"
import type { SimulatorState } from "../SimulatorState.ts"
import type { Channel } from "./Channel.ts"

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

/** The channel whose socket is asked for, or the HTTP status of the refusal. */
const admit = (state: SimulatorState, request: IncomingMessage): Channel | number => {
  const { notifications } = state
  if (notifications.sockets.ended) return UNAVAILABLE
  const [, id] = CHANNEL_PATH.exec(request.url ?? "") ?? []
  const channel = notifications.channels.find(id ?? "")
  if (channel === undefined) return NOT_FOUND
  const fault = notifications.faults.take("upgrade", channel.id)
  if (fault?.kind === "refuseUpgrade") return fault.status ?? UNAVAILABLE
  const taken = channel.connection !== undefined
  return taken && state.world.facts.secondSocket === "refused" ? CONFLICT : channel
}

/** Serves the channels' WebSockets on the API's own port. */
export const acceptSockets = (state: SimulatorState, server: Server, apiUrl: string): void => {
  const upgrading = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    maxPayload: LARGEST_MESSAGE
  })
  state.notifications.socketUrl = apiUrl.replace(/^http/, "ws")
  server.on("upgrade", (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    state.catchUp()
    const admitted = admit(state, request)
    if (typeof admitted === "number") {
      refuse(socket, admitted)
      return
    }
    upgrading.handleUpgrade(request, socket, head, (opened) =>
      state.notifications.connect(admitted, opened)
    )
  })
}
