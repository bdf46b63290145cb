import type { IncomingMessage } from "node:http"

/**
 * A request together with what Node has of it. The server that listens gives it to the app, which
 * then reads the body from where it arrives. An app that is mounted in another has none: whatever
 * stands before it may have changed the request.
 */
export interface Sent {
  readonly request: Request
  readonly incoming: IncomingMessage
}

/** What Node has of the very request. */
export const incomingOf = (env: unknown, request: Request): IncomingMessage | undefined => {
  const sent = env as Partial<Sent> | undefined // whatever the app was called with
  return sent?.request === request ? sent.incoming : undefined
}

/** Whether the body has a length, and nothing of it was read or lost so far. */
export const isUntouched = (incoming: IncomingMessage): boolean =>
  incoming.headers["content-length"] !== undefined &&
  !incoming.readableDidRead &&
  incoming.readableFlowing === null &&
  !incoming.destroyed

/** Reads a request's headers. What Node has not got is not looked for again. */
export const headersOf = (
  { headers }: Request,
  incoming: IncomingMessage | undefined
): ((name: string) => string | undefined) =>
  incoming === undefined
    ? (name) => headers.get(name) ?? undefined
    : (name) =>
        incoming.headers[name.toLowerCase()] === undefined
          ? undefined
          : (headers.get(name) ?? undefined)
