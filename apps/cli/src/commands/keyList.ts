import { Clock, Effect } from "effect"
import { ExitCode } from "../exit/ExitCode.ts"
import { keyStatus } from "../keys/keyStatus.ts"
import { withKeys } from "../keys/withKeys.ts"
import type { CommandEffect, CommandInput } from "../process/CommandInput.ts"
import { emit, hint } from "../render/emit.ts"
import { table } from "../render/table.ts"

/** `key list`: the API keys of the service, without their secrets, which are nowhere. */
export const command = (input: CommandInput): CommandEffect =>
  withKeys(
    input,
    Effect.gen(function* () {
      const { KeyStore } = yield* Effect.promise(() => import("@campaignctl/http/keys"))
      const found = yield* (yield* KeyStore).list
      const now = yield* Clock.currentTimeMillis
      const keys = found.map((key) => ({ ...key, status: keyStatus(key, now) }))
      yield* emit(keys, ({ out }) =>
        table(
          [
            { title: "ID", text: ({ id }) => id },
            { title: "NAME", text: ({ name }) => name, gives: "end" },
            { title: "STATUS", text: ({ status }) => status },
            { title: "SCOPES", text: ({ scopes }) => scopes.join(" ") },
            { title: "DIVISIONS", text: ({ divisionIds }) => divisionIds?.join(" ") ?? "all" },
            { title: "EXPIRES", text: ({ expiresAt }) => expiresAt ?? "never" },
            { title: "LAST USED", text: ({ lastUsedAt }) => lastUsedAt ?? "never" }
          ],
          keys,
          out
        )
      )
      if (keys.length === 0) yield* hint("There is no API key.")
      return ExitCode.done
    })
  )
