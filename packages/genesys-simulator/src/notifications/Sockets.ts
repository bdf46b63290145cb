import type { WebSocket } from "ws"
import { isJsonObject, parseJson } from "../Json.ts"
import type { Channel, Connection } from "./Channel.ts"
import { pongFrame } from "./Frame.ts"
import type { Frame } from "./Frame.ts"

/** "Going away": what the platform closes sockets with. Source: the platform's developer community. */
const GOING_AWAY = 1001
const NOT_FOUND = 404
/** Bytes that may wait for one socket, some thousand events: a client that does not read is cut off there. */
const LARGEST_BACKLOG = 8 * 1024 * 1024
/** Real milliseconds between two looks at the time while a socket is open: one step of the world at its usual speed. */
const TICK_MILLISECONDS = 100
/** Real milliseconds in which a client may answer that the simulator ends. */
const FAREWELL_MILLISECONDS = 250

/** Whatever is not sent because of a silence is counted as silenced. */
const isSilenced = (channel: Channel, frame: Frame): boolean => {
  const silence = channel.connection?.silence ?? "none"
  if (silence === "events") return frame.kind !== "heartbeats" && frame.kind !== "pongs"
  return silence === "all"
}

/** The open WebSockets. While there is one, the world lives by itself. */
export class Sockets {
  readonly #open = new Set<WebSocket>()
  readonly #catchUp: () => void
  #ticking: NodeJS.Timeout | undefined
  #ended = false

  constructor(catchUp: () => void) {
    this.#catchUp = catchUp
  }

  get ended(): boolean {
    return this.#ended
  }

  /** Makes a socket the channel's one; the one that it had is closed. */
  open(
    channel: Channel,
    socket: WebSocket,
    { nextHeartbeat, onPing }: { readonly nextHeartbeat: number; readonly onPing: () => void }
  ): void {
    this.close(channel, "Another socket was opened on this channel.")
    const connection: Connection = {
      socket,
      silence: "none",
      nextHeartbeat,
      heartbeatLate: false,
      held: undefined,
      closesAt: undefined
    }
    channel.connection = connection
    channel.connects += 1
    this.#open.add(socket)
    this.#ticking ??= setInterval(this.#catchUp, TICK_MILLISECONDS).unref()
    socket.on("message", (data, isBinary) => {
      if (isBinary || channel.connection?.socket !== socket) return
      // Text arrives as one Buffer, since no other `binaryType` was asked for.
      const message = parseJson((data as Buffer).toString("utf8"))
      if (!isJsonObject(message) || message["message"] !== "ping") return
      onPing()
      this.send(channel, pongFrame)
    })
    socket.on("ping", (data) => {
      if (connection.silence !== "all") socket.pong(data)
    })
    // A frame that breaks the protocol; the library closes the socket, and `close` follows.
    socket.on("error", () => socket.terminate())
    socket.on("close", () => this.#closed(channel, socket))
  }

  /** Opens a socket for no channel, only to say so and close it. */
  openInVain(socket: WebSocket): void {
    this.#open.add(socket)
    socket.on("error", () => socket.terminate())
    socket.on("close", () => this.#open.delete(socket))
    socket.send(JSON.stringify({ result: String(NOT_FOUND), status: "failure" }))
    socket.close(GOING_AWAY, "There is no such channel.")
  }

  /** Sends a frame, unless the channel has no socket or a fault keeps it back. */
  send(channel: Channel, frame: Frame): void {
    const { connection, frames } = channel
    if (connection === undefined) return
    if (isSilenced(channel, frame)) {
      frames.silenced += 1
      return
    }
    frames[frame.kind] += 1
    connection.socket.send(frame.text)
    if (connection.socket.bufferedAmount <= LARGEST_BACKLOG) return
    channel.overflows += 1
    this.cut(channel)
  }

  /** Closes the channel's socket, if it has one, in the words of the protocol. */
  close(channel: Channel, why: string, code = GOING_AWAY): void {
    const socket = channel.connection?.socket
    channel.connection = undefined
    socket?.close(code, why)
  }

  /** Cuts the channel's connection without a word. */
  cut(channel: Channel): void {
    const socket = channel.connection?.socket
    channel.connection = undefined
    socket?.terminate()
  }

  /** Closes all sockets, for good. */
  async end(): Promise<void> {
    this.#ended = true
    this.#stopTicking()
    const farewells = [...this.#open].map(
      (socket) =>
        new Promise<void>((resolve) => {
          const patience = setTimeout(() => socket.terminate(), FAREWELL_MILLISECONDS)
          socket.once("close", () => {
            clearTimeout(patience)
            resolve()
          })
          socket.close(GOING_AWAY, "The simulator ends.")
        })
    )
    await Promise.all(farewells)
  }

  #closed(channel: Channel, socket: WebSocket): void {
    if (channel.connection?.socket === socket) channel.connection = undefined
    this.#open.delete(socket)
    if (this.#open.size === 0) this.#stopTicking()
  }

  #stopTicking(): void {
    clearInterval(this.#ticking)
    this.#ticking = undefined
  }
}
