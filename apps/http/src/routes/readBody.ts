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

/** A request's body as JSON, no larger and no deeper than any that a schema could take. */
export const readBody = Effect.fnUntraced(function* (
  request: Request,
  limit: number
): Effect.fn.Return<unknown, ServiceError> {
  if (
    !JSON_TYPE.test(request.headers.get("content-type") ?? "") ||
    request.headers.has("content-encoding")
  )
    return yield* new HttpProblem({ code: "UNSUPPORTED_MEDIA_TYPE" })
  const announced = request.headers.get("content-length")
  if (Number(announced ?? 0) > limit) return yield* tooLarge(limit)
  const bytes = yield* Effect.tryPromise({
    // No more can arrive than was announced: the server's parser sees to that.
    try: (): Promise<Uint8Array | ArrayBuffer | "too-large"> =>
      announced === null ? bytesOf(request, limit) : request.arrayBuffer(),
    catch: () => malformed([{ key: "body", expected: "a whole body" }])
  })
  return bytes === "too-large" ? yield* tooLarge(limit) : yield* parsed(bytes)
})

const utf8 = new TextDecoder("utf-8", { fatal: true })

const parsed = (bytes: Uint8Array | ArrayBuffer): Effect.Effect<unknown, ServiceError> => {
  try {
    const text = utf8.decode(bytes)
    return isTooDeep(text) ? Effect.fail(notJson) : Effect.succeed(JSON.parse(text))
  } catch {
    // Neither the decoder nor the parser says anything that a caller may be told.
    return Effect.fail(notJson)
  }
}
