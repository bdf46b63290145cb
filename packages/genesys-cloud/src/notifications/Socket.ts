import { Data, type Effect, type Redacted, type Scope } from "effect"

/** What comes over a WebSocket. Nothing comes after `Ended`. */
export type SocketNews =
  | { readonly _tag: "Text"; readonly text: string }
  | { readonly _tag: "Ended"; readonly why: string }

/** A WebSocket that is open. */
export interface Socket {
  /** The next that comes, for one reader. */
  readonly next: Effect.Effect<SocketNews>
  /** Sends where the connection still stands. */
  readonly send: (text: string) => Effect.Effect<void>
}

/** The WebSocket was not opened. */
export class SocketRefused extends Data.TaggedError("SocketRefused")<{
  /** In words that hold no part of the address but the host. */
  readonly why: string
  /** The HTTP status with which the upgrade was answered. */
  readonly status?: number
  /** Another channel may fare better. */
  readonly ofChannel?: true
  /** Milliseconds that the server asked to wait. */
  readonly retryAfterMs?: number
}> {
  override get message(): string {
    return `The notification channel's WebSocket was not opened: ${this.why}.`
  }
}

/** Opens a WebSocket, which is closed with the scope. The address opens the channel to anybody, and is told nowhere. */
export type OpenSocket = (
  address: Redacted.Redacted<string>
) => Effect.Effect<Socket, SocketRefused, Scope.Scope>
