import { Effect } from "effect"
import { ExitCode } from "../exit/ExitCode.ts"
import { refuse } from "../arguments/Problems.ts"
import { withKeys } from "../keys/withKeys.ts"
import type { CommandEffect, CommandInput } from "../process/CommandInput.ts"
import { emit } from "../render/emit.ts"

const KEY_ID = /^[\da-f]{16}$/

/** `key revoke`: from now on the key is not believed any more. */
export const command = (input: CommandInput): CommandEffect => {
  const id = input.args[0]?.trim().toLowerCase() ?? ""
  // A whole key pasted here must not come back in an error.
  if (!KEY_ID.test(id))
    return refuse("id", "the id of a key, as `campaignctl key list` shows it", "something else")
  return withKeys(
    input,
    Effect.gen(function* () {
      const { KeyStore } = yield* Effect.promise(() => import("@campaignctl/http/keys"))
      const revoked = yield* (yield* KeyStore).revoke(id)
      if (!revoked) {
        yield* refuse("id", "the id of a key, as `campaignctl key list` shows it", id)
        return ExitCode.notFound
      }
      yield* emit({ id, revoked }, ({ out }) => [
        `${out.paint("green", "✓")} Key ${id} is revoked.`
      ])
      return ExitCode.done
    })
  )
}
