import type { IncomingMessage } from "node:http"
import type { TextAnswer } from "../routes/Answer.ts"
import { malformed } from "../routes/Route.ts"
import { requestIdOf } from "../routes/requestId.ts"
import { answerBroken, answerUnseen } from "./brokenRequest.ts"
import { MOST_HEADERS } from "./limits.ts"

/** Node gives each header as its name and its value. */
const LINES_PER_HEADER = 2

/**
 * Headers of which Node takes the first and leaves the others out unsaid. A proxy before us may have
 * taken the last: it would have let in another caller, or another host, than we see.
 */
const ONCE: ReadonlySet<string> = new Set(["host", "authorization", "content-type"])

const repeated = (rawHeaders: ReadonlyArray<string>): string | undefined => {
  const seen = new Set<string>()
  for (let line = 0; line < rawHeaders.length; line += LINES_PER_HEADER) {
    const name = rawHeaders[line]?.toLowerCase() ?? ""
    if (!ONCE.has(name)) continue
    if (seen.has(name)) return name
    seen.add(name)
  }
  return undefined
}

/**
 * Why a request's headers are not read: there are more than are looked at, or one is there twice. What
 * is left out unsaid may be the very condition of a change.
 */
export const refusedHeaders = ({ rawHeaders }: IncomingMessage): TextAnswer | undefined => {
  if (rawHeaders.length > MOST_HEADERS * LINES_PER_HEADER)
    return answerBroken("HPE_HEADER_OVERFLOW")
  const name = repeated(rawHeaders)
  if (name === undefined) return undefined
  return answerUnseen(malformed([{ key: name, expected: "one header" }]), requestIdOf(undefined))
}
