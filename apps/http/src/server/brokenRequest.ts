import type { ServerResponse } from "node:http"
import type { Duplex } from "node:stream"
import type { ServiceError } from "../problems/problemAnswer.ts"
import { problemAnswer } from "../problems/problemAnswer.ts"
import { HttpProblem } from "../problems/HttpProblem.ts"
import { malformed } from "../routes/Route.ts"
import { requestIdOf } from "../routes/requestId.ts"
import { SECURITY_HEADERS } from "../routes/securityHeaders.ts"
import type { TextAnswer } from "../routes/Answer.ts"

const REASONS: Readonly<Record<number, string>> = {
  400: "Bad Request",
  408: "Request Timeout",
  431: "Request Header Fields Too Large"
}

/** What Node's parser says of a request that never became one. */
const problemOf = (code: string | undefined): ServiceError => {
  if (code === "HPE_HEADER_OVERFLOW") return new HttpProblem({ code: "HEADERS_TOO_LARGE" })
  if (code === "ERR_HTTP_REQUEST_TIMEOUT") return new HttpProblem({ code: "REQUEST_TIMEOUT" })
  return malformed([{ key: "request", expected: "HTTP/1.1" }])
}

/** The problem of a request that the app has not seen, with the headers that the app gives every answer. */
export const answerUnseen = (error: ServiceError, requestId: string): TextAnswer => {
  const context = { base: "", requestId, traceId: null, hideContextId: false }
  const answer = problemAnswer(error, context)
  return {
    ...answer,
    headers: { ...SECURITY_HEADERS, ...answer.headers, "x-request-id": requestId }
  }
}

/** The problem of a request that could not be read. */
export const answerBroken = (code?: string): TextAnswer =>
  answerUnseen(problemOf(code), requestIdOf(undefined))

/** Refuses a request whose body is not read any more, and ends the connection. */
export const refuse = (outgoing: ServerResponse, { body, headers, status }: TextAnswer): void => {
  outgoing.writeHead(status, { ...headers, connection: "close" })
  outgoing.end(body)
}

/** Answers a request that could not be read with a problem, and ends the connection. */
export const onClientError = (error: NodeJS.ErrnoException, socket: Duplex): void => {
  if (error.code === "ECONNRESET" || !socket.writable) {
    socket.destroy()
    return
  }
  const { body, headers, status } = answerBroken(error.code)
  const lines = [
    `HTTP/1.1 ${status} ${REASONS[status] ?? "Error"}`,
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
    `content-length: ${Buffer.byteLength(body)}`,
    "connection: close"
  ]
  socket.end(`${lines.join("\r\n")}\r\n\r\n${body}`)
}
