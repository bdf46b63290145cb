import { isAscii } from "node:buffer"
import { Effect } from "effect"
import { HttpProblem } from "../problems/HttpProblem.ts"
import { malformed } from "./Route.ts"
import type { ServiceError } from "../problems/problemAnswer.ts"

const JSON_TYPE = /^application\/json *(?:; *charset="?utf-8"? *)?$/i
/** Levels of nesting: the deepest body that any schema takes has three. */
const DEEPEST = 16

const tooLarge = (limit: number) =>
  new HttpProblem({ code: "BODY_TOO_LARGE", detail: `A body may have ${limit} bytes.` })

const notJson = malformed([{ key: "body", expected: "JSON in UTF-8" }])

/** Whether brackets nest deeper than any body may, strings left out. */
const isTooDeep = (text: string): boolean => {
  // Most bodies are one object with nothing nested in it.
  if (!text.includes("{", 1) && !text.includes("[")) return false
  let depth = 0
  let inString = false
  for (let at = 0; at < text.length; at++) {
    const sign = text[at]
    if (inString) {
      if (sign === "\\") at += 1
      else if (sign === '"') inString = false
    } else if (sign === '"') inString = true
    else if (sign === "{" || sign === "[") {
      depth += 1
      if (depth > DEEPEST) return true
    } else if (sign === "}" || sign === "]") depth -= 1
  }
  return false
}

/** What arrives in pieces, as far as it may go. */
const bytesOf = async ({ body }: Request, limit: number): Promise<Uint8Array | "too-large"> => {
  const chunks: Array<Uint8Array> = []
  let size = 0
  if (body === null) return new Uint8Array()
  // A body's chunks are bytes; the type leaves them open.
  for await (const chunk of body as ReadableStream<Uint8Array>) {
    size += chunk.byteLength
    if (size > limit) return "too-large"
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

/** The length that a body of JSON announces, where it is one that is read. */
export const bodyAnnounced = (
  header: (name: string) => string | undefined,
  limit: number
): Effect.Effect<number | undefined, ServiceError> => {
  if (!JSON_TYPE.test(header("content-type") ?? "") || header("content-encoding") !== undefined)
    return Effect.fail(new HttpProblem({ code: "UNSUPPORTED_MEDIA_TYPE" }))
  const announced = header("content-length")
  const length = announced === undefined ? undefined : Number(announced)
  return length !== undefined && length > limit
    ? Effect.fail(tooLarge(limit))
    : Effect.succeed(length)
}

/** A request's body as JSON, no larger and no deeper than any that a schema could take. */
export const readBody = (
  request: Request,
  header: (name: string) => string | undefined,
  limit: number
): Effect.Effect<unknown, ServiceError> =>
  Effect.flatMap(bodyAnnounced(header, limit), (announced) =>
    Effect.flatMap(
      Effect.tryPromise({
        // No more can arrive than was announced: the server's parser sees to that.
        try: (): Promise<Uint8Array | ArrayBuffer | "too-large"> =>
          announced === undefined ? bytesOf(request, limit) : request.arrayBuffer(),
        catch: () => notWhole
      }),
      (bytes) =>
        bytes === "too-large" ? Effect.fail(tooLarge(limit)) : parsedBody(new Uint8Array(bytes))
    )
  )

const notWhole = malformed([{ key: "body", expected: "a whole body" }])
const utf8 = new TextDecoder("utf-8", { fatal: true })

const textOf = (bytes: Uint8Array): string =>
  isAscii(bytes)
    ? Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("latin1")
    : utf8.decode(bytes)

/** The bytes of a body as JSON; undefined where it broke off. */
export const parsedBody = (bytes: Uint8Array | undefined): Effect.Effect<unknown, ServiceError> => {
  if (bytes === undefined) return Effect.fail(notWhole)
  try {
    const text = textOf(bytes)
    return isTooDeep(text) ? Effect.fail(notJson) : Effect.succeed(JSON.parse(text))
  } catch {
    // Neither the decoder nor the parser says anything that a caller may be told.
    return Effect.fail(notJson)
  }
}
