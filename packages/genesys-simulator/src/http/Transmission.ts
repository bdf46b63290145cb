import type { HttpBindings } from "@hono/node-server"
import { RESPONSE_ALREADY_SENT } from "@hono/node-server/utils/response"
import type { ApiAnswer } from "./ApiAnswer.ts"

export type Delivery = "whole" | "reset" | "truncated" | "malformed"

const HALF = 0.5

/** Cuts the connection as a crashed peer does: the client sees ECONNRESET, not an orderly end. */
const reset = (bindings: HttpBindings): Response => {
  bindings.incoming.socket.resetAndDestroy()
  return RESPONSE_ALREADY_SENT
}

const truncate = (
  bindings: HttpBindings,
  status: number,
  headers: Record<string, string>,
  body: string
): Response => {
  const bytes = Buffer.from(body)
  bindings.outgoing.writeHead(status, { ...headers, "content-length": String(bytes.length) })
  bindings.outgoing.write(bytes.subarray(0, Math.floor(bytes.length * HALF)), () =>
    bindings.incoming.socket.destroy()
  )
  return RESPONSE_ALREADY_SENT
}

/** Puts an answer on the wire, or fails to in the way that was asked for. */
export const transmit = (
  bindings: HttpBindings,
  answer: ApiAnswer,
  commonHeaders: Readonly<Record<string, string>>,
  delivery: Delivery
): Response => {
  if (delivery === "reset") return reset(bindings)
  const text = answer.body === undefined ? undefined : JSON.stringify(answer.body)
  const headers: Record<string, string> = { ...commonHeaders, ...answer.headers }
  if (text === undefined) {
    // An empty answer has nothing to cut short, so the whole connection goes.
    return delivery === "whole"
      ? new Response(null, { status: answer.status, headers })
      : reset(bindings)
  }
  headers["content-type"] ??= "application/json"
  if (delivery === "truncated") return truncate(bindings, answer.status, headers, text)
  const body = delivery === "malformed" ? text.slice(0, Math.floor(text.length * HALF)) : text
  return new Response(body, { status: answer.status, headers })
}
