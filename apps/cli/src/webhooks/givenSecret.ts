import { text } from "node:stream/consumers"
import type { RequestInvalid } from "@campaignctl/core"
import { Effect, Redacted } from "effect"
import { refuse } from "../arguments/Problems.ts"
import { requestedFile } from "../arguments/textFile.ts"

const OPTION = "--secret-file"
/** Stands for stdin, as elsewhere. */
const STDIN = "-"

const fromStdin: Effect.Effect<string, RequestInvalid> = Effect.catch(
  Effect.tryPromise(() => text(process.stdin)),
  () => refuse(OPTION, "a secret on stdin", "nothing that can be read")
)

/** The secret in a file, or on stdin. Never a word of the command line, which every user of the machine sees. */
export const givenSecret = Effect.fnUntraced(function* (
  file: string
): Effect.fn.Return<Redacted.Redacted, RequestInvalid> {
  const found = (yield* file === STDIN ? fromStdin : requestedFile(OPTION, file)).trim()
  if (found === "") return yield* refuse(OPTION, "whsec_ and base64 of 24 to 64 bytes", "nothing")
  return Redacted.make(found)
})
